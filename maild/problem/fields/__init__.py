"""Finds fields in what a customer wrote: labelled lines and tables, sentences, patterns that are sure anywhere. Start at `find`."""

from maild.problem.fields.answers import find_answers as find_answers
from maild.problem.fields.find import find_fields as find_fields
from maild.problem.fields.values import MAX_VALUE as MAX_VALUE
from maild.problem.fields.values import read_value as read_value
