"""Birth dates and age bands."""

from datetime import UTC, date, datetime

from kinora_kit.errors import InvalidArgument, PermissionDenied

MIN_AGE, ADULT_AGE, MAX_AGE = 13, 18, 120


class BirthDateInvalid(InvalidArgument):
    pass


class TooYoung(PermissionDenied):
    pass


def age(birth: date, today: date) -> int:
    """Whole years; who was born on 29 February has their birthday on 1 March in other years."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def band(birth: date | None, today: date | None = None) -> str:
    """One of teen, adult, and unknown where there is no birth date."""
    if birth is None:
        return "unknown"
    return "adult" if age(birth, today or _today()) >= ADULT_AGE else "teen"


def check_birth_date(text: str, today: date | None = None) -> date:
    """Raises BirthDateInvalid, and TooYoung under 13."""
    try:
        birth = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise BirthDateInvalid("birth_date must be a day as YYYY-MM-DD.", param="birth_date") from None
    years = age(birth, today or _today())
    if not 0 <= years <= MAX_AGE:
        raise BirthDateInvalid("birth_date must be a day within the last 120 years.", param="birth_date")
    if years < MIN_AGE:
        raise TooYoung(f"Kinora is for people of {MIN_AGE} and over.", param="birth_date")
    return birth


def _today() -> date:
    return datetime.now(UTC).date()
