"""The settings of the platforms people write from."""

from bot.settings_kinds import Kind, Section, Setting

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
    ),
)
