"""What is wrong with a ward file, in words: one line a mistake, Vietnamese or English."""

from bot.ward_file import WardFileError

WORDS: dict[str, tuple[str, str]] = {
    "file_missing": ("không tìm thấy tệp {path}", "the file {path} is not there"),
    "file_unreadable": ("không đọc được tệp {path}", "the file {path} cannot be read"),
    "file_too_large": ("tệp lớn quá", "the file is too large"),
    "file_not_text": ("tệp không phải văn bản UTF-8", "the file is not UTF-8 text"),
    "toml_syntax": ("sai cú pháp TOML, dòng {line}: {message}", "not valid TOML, line {line}: {message}"),
    "key_missing": ("thiếu mục này", "this key is missing"),
    "key_unknown": ("không có mục này; mục gần giống: {nearest}", "there is no such key; the nearest is: {nearest}"),
    "wrong_type": ("giá trị không đúng kiểu, cần {expected}", "wrong kind of value, {expected} is needed"),
    "text_empty": ("đang để trống", "is empty"),
    "text_too_long": ("dài quá", "is too long"),
    "list_too_long": ("danh sách dài quá", "the list is too long"),
    "code_malformed": (
        "mã chỉ gồm chữ cái và số (mã phường, đơn vị: chữ in hoa)",
        "a code has letters and digits only (of wards and units: capitals)",
    ),
    "texts_malformed": ("cần một danh sách chữ", "a list of texts is needed"),
    "day_malformed": ("ngày phải như 2026-11-24", "a day is written 2026-11-24"),
    "time_malformed": ("giờ phải như 07:30", "a time is written 07:30"),
    "hours_malformed": ("giờ làm việc phải như 07:30-11:30", "hours are written 07:30-11:30"),
    "weekday_malformed": ("phải là thứ trong tuần", "must be a day of the week"),
    "ward_field_empty": ("mục {field} đang để trống", "{field} is empty"),
    "no_units": ("chưa có đơn vị nào", "there are no units"),
    "no_categories": ("chưa có lĩnh vực nào", "there are no categories"),
    "duplicate_code": ("mã {value} bị trùng", "the code {value} is there twice"),
    "duplicate_name": ("tên {value} dùng cho hai đơn vị", "two units go by {value}"),
    "reception_missing": ("chưa có đơn vị tiếp nhận (reception = true)", "no unit has reception = true"),
    "reception_many": ("chỉ một đơn vị được là đơn vị tiếp nhận: {value}", "only one unit may be reception: {value}"),
    "category_unit_unknown": ("lĩnh vực {category}: không có đơn vị {unit}", "category {category}: no unit {unit}"),
    "timezone_unknown": ("không có múi giờ {value}", "there is no time zone {value}"),
    "digest_weekday_unknown": ("thứ gửi bản tin không đúng", "the digest's weekday is wrong"),
    "hours_missing": ("chưa có giờ làm việc", "there are no working hours"),
    "hours_reversed": ("giờ mở sau giờ đóng ({opens})", "opens after it closes ({opens})"),
    "hours_overlap": ("giờ làm việc chồng nhau ({opens})", "hours overlap ({opens})"),
    "weekday_unknown": ("không có thứ {value}", "there is no weekday {value}"),
    "holiday_worked": ("{day} vừa là ngày nghỉ vừa là ngày làm bù", "{day} is both a holiday and a working day"),
    "extra_day_needless": ("{day} vốn là ngày làm việc", "{day} is a working day anyway"),
}


class _Lenient(dict[str, str]):
    """Leaves a blank where a mistake has no such value: a sentence must never fail."""

    def __missing__(self, key: str) -> str:
        return ""


def sentences(error: WardFileError, language: str) -> str:
    """All mistakes of a file, one a line, each with the key it is at."""
    english = language == "en"
    lines = ["Tệp của phường chưa dùng được:" if not english else "The ward file cannot be used:"]
    for mistake in error.mistakes:
        words = WORDS.get(mistake.code, (mistake.code, mistake.code))[1 if english else 0]
        lines.append(f"- {mistake.key}: {' '.join(words.format_map(_Lenient(mistake.params)).split())}")
    return "\n".join(lines)
