"""The settings of a Zalo Official Account."""

from bot.settings_kinds import Kind, Section, Setting, limit

ZALO_OA = Section(
    vi="Zalo Official Account (để trống ZALO_OA_APP_ID nếu không dùng)",
    en="Zalo Official Account (leave ZALO_OA_APP_ID empty if not used)",
    settings=(
        Setting(
            name="ZALO_OA_APP_ID",
            vi="Mã ứng dụng (App ID) ở developers.zalo.me.",
            en="The application's id (App ID) at developers.zalo.me.",
        ),
        Setting(
            name="ZALO_OA_APP_SECRET",
            secret=True,
            vi="Khoá bí mật của ứng dụng, dùng để gia hạn token.",
            en="The application's secret key, with which tokens are renewed.",
        ),
        Setting(
            name="ZALO_OA_SECRET_KEY",
            secret=True,
            vi="OA Secret Key ở trang Webhook của ứng dụng, dùng để kiểm chữ ký (không phải khoá của ứng dụng).",
            en="The OA secret key of the application's Webhook page, for signatures (not the application's key).",
        ),
        Setting(
            name="ZALO_OA_REFRESH_TOKEN",
            secret=True,
            vi="Refresh token đầu tiên; để trống và chạy danban zalo login thì không cần. Chỉ dùng một lần.",
            en="The first refresh token; not needed if you run danban zalo login. It is used once.",
        ),
        Setting(
            name="ZALO_OA_API_URL",
            default="https://openapi.zalo.me",
            kind=Kind.URL,
            vi="Máy chủ API của Zalo OA.",
            en="The OA's API server.",
        ),
        Setting(
            name="ZALO_OAUTH_URL",
            default="https://oauth.zaloapp.com",
            kind=Kind.URL,
            vi="Máy chủ cấp quyền của Zalo.",
            en="Zalo's authorisation server.",
        ),
        Setting(
            name="ZALO_OA_STRICT",
            default="0",
            kind=Kind.YES_NO,
            vi="1: từ chối ngay tin sai chữ ký; 0: giữ riêng cho đến khi có tin đầu tiên đúng chữ ký, rồi mới từ chối.",
            en="1: refuse wrong signatures at once; 0: keep such events apart until a first one has verified.",
        ),
        Setting(
            name="ZALO_OA_BILLED_OK",
            default="1",
            kind=Kind.YES_NO,
            vi="1: vẫn báo cho dân trong khoảng Zalo tính tiền (sau 48 giờ, trước 7 ngày; khoảng 55 đồng một tin).",
            en="1: tell people also in the time Zalo charges for (after 48 h, before 7 days; about 55 VND each).",
        ),
        limit(
            "ZALO_OA_FREE_HOURS", 48, 1, 1000,
            "Số giờ được nhắn miễn phí kể từ lần cuối người dân nhắn.",
            "Hours in which messages are free after somebody last wrote.",
        ),
        limit(
            "ZALO_OA_CLOSED_DAYS", 7, 1, 400,
            "Sau số ngày này kể từ lần cuối người dân nhắn, Zalo không cho nhắn nữa.",
            "After so many days since somebody last wrote, Zalo takes no messages for them.",
        ),
        limit(
            "ZALO_OA_PER_MINUTE", 100, 2, 10000,
            "Số lần gọi API nhiều nhất trong một phút, cả gửi tin lẫn trông nom tài khoản.",
            "The most API calls in one minute, for messages and for looking after the account together.",
        ),
        limit(
            "ZALO_OA_MONTHLY_MESSAGES", 0, 0, 1_000_000_000,
            "Số tin được gửi cho người dân trong một tháng theo gói của OA (0: không giới hạn).",
            "Messages to people that may be sent in a month by the OA's package (0: no limit).",
        ),
        limit(
            "ZALO_OA_ANSWER_MS", 1200, 100, 1900,
            "Zalo đòi trả lời trong 2 giây: quá số mili giây này thì tin được ghi ra đĩa, vào cơ sở dữ liệu sau.",
            "Zalo wants an answer within 2 s: after so many ms an event goes to disk first, to the database later.",
        ),
        limit(
            "ZALO_OA_EVENT_MAX_HOURS", 72, 2, 10000,
            "Tin cũ hơn số giờ này là tin gửi lại giả mạo, bị từ chối.",
            "Events older than so many hours are replays and are refused.",
        ),
        limit(
            "ZALO_OA_QUARANTINE_MAX", 1000, 1, 1_000_000,
            "Số tin sai chữ ký được giữ riêng nhiều nhất.",
            "The most events with wrong signatures that are kept apart.",
        ),
        limit(
            "ZALO_OA_CATCH_UP_HOURS", 48, 0, 1000,
            "Sau khi gián đoạn, đọc lại lịch sử trò chuyện trong số giờ này (0: không đọc).",
            "After an interruption, read so many hours of the conversations again (0: none).",
        ),
        limit(
            "ZALO_OA_QUIET_HOURS", 24, 1, 10000,
            "Không nhận được tin nào trong số giờ này thì cảnh báo và hỏi lại Zalo.",
            "When nothing has come for so many hours, warn and ask Zalo.",
        ),
        Setting(
            name="ZALO_OA_FILE_HOSTS",
            default="zdn.vn zadn.vn",
            vi="Ảnh chỉ được tải từ các tên miền này (cách nhau bằng dấu cách), luôn qua https.",
            en="Pictures are fetched from these domains only (separated by blanks), always by https.",
        ),
        Setting(
            name="ZALO_OA_TEMPLATE_ID",
            vi="Mã mẫu ZBS đã duyệt, để gọi người dân khi đã quá hạn nhắn thường (có phí). Để trống: đợi họ nhắn.",
            en="An approved ZBS template that calls people when the window is closed (charged). Empty: wait for them.",
        ),
        Setting(
            name="ZALO_OA_TEMPLATE_FIELDS",
            default="ma_ho_so=code phuong=ward",
            vi="Tên trường của mẫu và giá trị: code (mã phản ánh), ward (tên phường), day (ngày).",
            en="The template's fields and what goes in: code (of the case), ward (its name), day.",
        ),
    ),
)  # fmt: skip
