"""The settings of the platforms people write from."""

from bot.settings_kinds import Kind, Section, Setting, limit

TELEGRAM = Section(
    vi="Telegram (để trống TELEGRAM_TOKEN nếu không dùng)",
    en="Telegram (leave TELEGRAM_TOKEN empty if not used)",
    settings=(
        Setting(
            name="TELEGRAM_TOKEN",
            secret=True,
            vi="Mã bí mật của bot, do @BotFather cấp. Nhiều bot, mỗi phường một bot: AHD=111:AAA, TML=222:BBB",
            en="The bot's secret token, given by @BotFather. Several, each its ward's: AHD=111:AAA, TML=222:BBB",
        ),
        Setting(
            name="TELEGRAM_API_URL",
            default="https://api.telegram.org",
            kind=Kind.URL,
            vi="Máy chủ Bot API.",
            en="The Bot API server.",
        ),
        Setting(
            name="TELEGRAM_MODE",
            default="polling",
            kind=Kind.CHOICE,
            choices=("polling", "webhook"),
            vi="polling: bot tự hỏi Telegram; webhook: Telegram gọi vào PUBLIC_URL (phải là https).",
            en="polling: the bot asks Telegram; webhook: Telegram calls PUBLIC_URL (which must be https).",
        ),
        Setting(
            name="TELEGRAM_WEBHOOK_SECRET",
            secret=True,
            vi="Bắt buộc khi dùng webhook: 16 đến 256 chữ cái, chữ số, dấu _ hoặc -.",
            en="Required for webhook: 16 to 256 letters, digits, _ or -.",
        ),
        Setting(
            name="TELEGRAM_EPHEMERAL",
            default="auto",
            kind=Kind.CHOICE,
            choices=("auto", "off"),
            vi="Lời nhắc riêng trong nhóm. auto: chỉ người đó thấy, nếu máy chủ có; off: gửi vào trò chuyện riêng.",
            en="Remarks to one person in a group: auto: seen by them alone where the server can; off: sent in private.",
        ),
        limit(
            "TELEGRAM_PER_SECOND",
            30,
            1,
            1000,
            "Số tin mỗi giây Telegram cho một bot gửi (chỉ đổi khi Telegram cho phép khác).",
            "Messages a second Telegram lets one bot send (change only when Telegram allows otherwise).",
        ),
        limit(
            "TELEGRAM_GROUP_PER_MINUTE",
            20,
            1,
            1000,
            "Số tin mỗi phút gửi vào một nhóm Telegram.",
            "Messages a minute to one Telegram group.",
        ),
        limit(
            "TELEGRAM_CHAT_PER_SECOND",
            1,
            1,
            1000,
            "Số tin mỗi giây gửi vào một cuộc trò chuyện Telegram.",
            "Messages a second to one Telegram chat.",
        ),
        limit(
            "TELEGRAM_CHAT_BURST",
            3,
            1,
            100,
            "Số tin được gửi liền nhau vào một cuộc trò chuyện Telegram.",
            "Messages that may go to one Telegram chat in one go.",
        ),
    ),
)
