"""The settings that bound things: what people send, and how the machinery works."""

from bot.settings_kinds import Section, limit, size

LIMITS = Section(
    vi="Giới hạn",
    en="Limits",
    settings=(
        size("UPLOAD_MAX_BYTES", "10 MiB", "Dung lượng lớn nhất của một ảnh.", "Largest size of one photo."),
        limit(
            "UPLOAD_MAX_PIXELS",
            40_000_000,
            10_000,
            400_000_000,
            "Số điểm ảnh lớn nhất của một ảnh.",
            "Most pixels in one photo.",
        ),
        size("VOICE_MAX_BYTES", "10 MiB", "Dung lượng lớn nhất của một bản ghi âm.", "Largest size of one recording."),
        size("VIDEO_MAX_BYTES", "20 MiB", "Dung lượng lớn nhất của một video.", "Largest size of one video."),
        size(
            "DOCUMENT_MAX_BYTES",
            "20 MiB",
            "Dung lượng lớn nhất của một tài liệu (PDF, Word, Excel).",
            "Largest size of one document (PDF, Word, Excel).",
        ),
        limit(
            "FILES_PER_CASE_MAX",
            10,
            0,
            100,
            "Số ảnh, ghi âm, video và tài liệu nhiều nhất gửi kèm một hồ sơ.",
            "Most photos, recordings, videos and documents sent with one case.",
        ),
        limit(
            "TEXT_MAX_CHARS",
            4000,
            100,
            100_000,
            "Số ký tự nhiều nhất của một tin nhắn.",
            "Most characters in one message.",
        ),
        limit(
            "MESSAGES_PER_MINUTE",
            20,
            1,
            10_000,
            "Số tin mỗi phút một người được gửi trước khi bot xin chậm lại.",
            "Messages a minute from one person before the bot asks to slow down.",
        ),
        size(
            "PLAN_MAX_BYTES",
            "20 MiB",
            "Dung lượng lớn nhất của tệp kế hoạch.",
            "Largest size of a plan file.",
        ),
        limit("INVITE_DAYS", 7, 1, 365, "Số ngày mã mời còn dùng được.", "Days an invite code can be used."),
    ),
)

MACHINERY = Section(
    vi="Vận hành (thường không cần đổi)",
    en="Machinery (rarely needs changing)",
    settings=(
        limit(
            "INBOX_MAX_ATTEMPTS",
            5,
            1,
            100,
            "Số lần thử một tin đến trước khi để riêng.",
            "Tries at one incoming message before it is set aside.",
        ),
        limit(
            "SET_ASIDE_DAYS",
            30,
            1,
            365,
            "Số ngày giữ nội dung một tin bị để riêng (danban inbox); sau đó tự xoá.",
            "Days the words of a message set aside are kept (danban inbox); then they are forgotten.",
        ),
        limit(
            "OUTBOX_MAX_ATTEMPTS",
            8,
            1,
            100,
            "Số lần thử gửi một tin trước khi thôi.",
            "Tries at sending one message before giving up.",
        ),
        limit(
            "TICK_SECONDS",
            30,
            1,
            3600,
            "Số giây giữa hai lần xem việc hẹn giờ.",
            "Seconds between two looks at what is due.",
        ),
        limit(
            "SENDS_AT_ONCE",
            32,
            2,
            1000,
            "Số tin một tiến trình gửi cùng lúc cho một bot.",
            "Messages one process sends at the same time for one bot.",
        ),
        limit(
            "LIMIT_MARGIN_MS",
            10,
            0,
            1000,
            "Phần nghìn giây cộng thêm vào giới hạn gửi, phòng đồng hồ các máy lệch nhau.",
            "Milliseconds added to the sending limits, for clocks of several machines that differ.",
        ),
        limit(
            "LEASE_SECONDS",
            60,
            5,
            3600,
            "Số giây một tiến trình được giữ một việc.",
            "Seconds a process may hold a piece of work.",
        ),
        limit(
            "STOP_SECONDS",
            10,
            1,
            600,
            "Số giây chờ việc dở dang khi dừng.",
            "Seconds to wait for unfinished work when stopping.",
        ),
    ),
)
