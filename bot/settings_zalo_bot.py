"""The settings of a Zalo Bot."""

from bot.settings_kinds import Kind, Section, Setting, limit

ZALO_BOT = Section(
    vi="Zalo Bot, bản thử miễn phí (để trống ZALO_BOT_TOKEN nếu không dùng)",
    en="Zalo Bot, the free pilot (leave ZALO_BOT_TOKEN empty if not used)",
    settings=(
        Setting(
            name="ZALO_BOT_TOKEN",
            secret=True,
            vi="Mã bí mật của bot, do Zalo Bot Creator cấp. Mỗi phường một bot: AHD=111:AAA, TML=222:BBB",
            en="The bot's secret token, given by Zalo Bot Creator. A bot for each ward: AHD=111:AAA, TML=222:BBB",
        ),
        Setting(
            name="ZALO_BOT_API_URL",
            default="https://bot-api.zaloplatforms.com",
            kind=Kind.URL,
            vi="Máy chủ API của Zalo Bot.",
            en="The Zalo Bot API server.",
        ),
        Setting(
            name="ZALO_BOT_MODE",
            default="polling",
            kind=Kind.CHOICE,
            choices=("polling", "webhook"),
            vi="polling: bot tự hỏi Zalo (tin đang trên đường có thể mất khi máy tắt đột ngột); webhook: nên dùng.",
            en="polling: the bot asks Zalo (a message on its way may be lost in a power failure); webhook: better.",
        ),
        Setting(
            name="ZALO_BOT_WEBHOOK_SECRET",
            secret=True,
            vi="Bắt buộc khi dùng webhook: 16 đến 256 chữ cái, chữ số, dấu _ hoặc -.",
            en="Required for webhook: 16 to 256 letters, digits, _ or -.",
        ),
        Setting(
            name="ZALO_BOT_NAME",
            vi="Tên hiển thị của bot, đúng như khi được nhắc (@) trong nhóm, ví dụ Bot Phường An Hoà Đông.",
            en="The bot's display name, exactly as it is mentioned (@) in a group.",
        ),
        limit(
            "ZALO_BOT_MONTHLY_MESSAGES", 3000, 0, 1_000_000_000,
            "Số tin được gửi trong một tháng theo gói Zalo Bot (0: không giới hạn).",
            "Messages that may be sent in a month by the Zalo Bot plan (0: no limit).",
        ),
        limit(
            "ZALO_BOT_USERS", 50, 0, 1_000_000_000,
            "Số người dùng theo gói Zalo Bot (0: không giới hạn).",
            "People who may use the bot by the Zalo Bot plan (0: no limit).",
        ),
        Setting(
            name="ZALO_BOT_FILE_HOSTS",
            default="zdn.vn zadn.vn",
            vi="Ảnh người dân gửi chỉ được tải từ các tên miền này (cách nhau bằng dấu cách), luôn qua https.",
            en="Pictures people send are fetched from these domains only (separated by blanks), always by https.",
        ),
    ),
)  # fmt: skip
