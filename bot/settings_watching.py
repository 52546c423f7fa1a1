"""The settings of those who watch: what is told, to whom, and when it counts as trouble."""

from bot.settings_kinds import Kind, Section, Setting, limit, size

WATCHING = Section(
    vi="Theo dõi (không bắt buộc)",
    en="Watching (optional)",
    settings=(
        Setting(
            name="METRICS_PORT",
            kind=Kind.NUMBER,
            high=65535,
            vi="Cổng riêng cho /metrics (Prometheus) và /readyz. Để trống: không mở; 0: hệ thống tự chọn.",
            en="A port of its own for /metrics (Prometheus) and /readyz. Empty: none; 0: the system chooses.",
        ),
        Setting(
            name="METRICS_HOST",
            default="127.0.0.1",
            vi="Địa chỉ mạng của METRICS_PORT. Khác 127.0.0.1 thì phải có METRICS_TOKEN.",
            en="Network address of METRICS_PORT. METRICS_TOKEN is required unless it is 127.0.0.1.",
        ),
        Setting(
            name="METRICS_TOKEN",
            secret=True,
            vi="Ai xem /metrics phải đưa mã này (Authorization: Bearer …). Có mã thì trang chính cũng có /metrics.",
            en="Asked of whoever reads /metrics (Authorization: Bearer …). With it the main address has /metrics too.",
        ),
        limit(
            "READY_BACKLOG_SECONDS",
            60,
            1,
            86_400,
            "/readyz báo lỗi khi một tin đến hoặc một câu trả lời đã chờ quá số giây này.",
            "/readyz complains when a message or an answer has waited longer than these seconds.",
        ),
        size(
            "READY_DISK_BYTES",
            "200 MiB",
            "/readyz báo lỗi khi đĩa chứa DATA_DIR còn ít hơn chừng này.",
            "/readyz complains when the disk of DATA_DIR has less than this free.",
        ),
    ),
)
