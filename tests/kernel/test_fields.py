"""What the field types make of what is sent."""

import pytest
from pydantic import Field, ValidationError

from torn_app.kernel.fields import In, OptionalEmail, OptionalText, Rut, Text


class Sample(In):
    name: Text = Field(default="x", max_length=5)
    note: OptionalText = Field(default=None, max_length=5)
    free: OptionalText = None
    email: OptionalEmail = None
    rut: Rut | None = None
    plain: str = "p"


@pytest.mark.parametrize("blank", [None, "", "   ", "\x00\n"])
def test_blank_optional_text_is_missing_but_was_sent(blank):
    sample = Sample.model_validate({"note": blank, "free": blank, "email": blank})
    assert (sample.note, sample.free, sample.email) == (None, None, None)
    assert sample.model_fields_set == {"note", "free", "email"}


def test_text_is_cleaned_before_it_is_measured():
    sample = Sample.model_validate({"name": "  a  b ", "note": "\x00ab\tc  ", "email": " Yo@Ejemplo.CL "})
    assert (sample.name, sample.note, sample.email) == ("a b", "ab c", "yo@ejemplo.cl")


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": None}, {"name": "abcdef"}, {"note": "abcdef"}, {"email": "yo"}, {"rut": ""}, {"note": 5}],
)
def test_refused(wrong):
    with pytest.raises(ValidationError):
        Sample.model_validate(wrong)


def test_other_text_is_left_alone():
    assert Sample.model_validate({"plain": " "}).plain == " "
