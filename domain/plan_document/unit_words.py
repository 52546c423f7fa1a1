"""The words names of offices are made of, and the verbs that end them."""

import re

from domain.plan_document.letters import same_tones


def _words(text: str) -> frozenset[str]:
    return frozenset(same_tones(word) for word in text.split())


def _phrases(text: str) -> tuple[str, ...]:
    """Phrases divided by "|"; a final "_" is a blank that belongs to the phrase."""
    return tuple(" ".join(phrase.split()).replace("_", " ") for phrase in text.split("|"))


# What a unit's name begins with, in the middle of a sentence as well (accented, tones written one way).
HEADS = _phrases(
    """
    ủy ban | ubnd | ub mttq | ubmttq | ubmt | ubmttqvn | hội đồng nhân dân | hđnd | thường trực | tt hđnd |
    tt đảng ủy | văn phòng | vp hđnd | phòng | ban | sở | trung tâm | công an | bộ phận | công chức | cán bộ
    phụ trách | thanh tra | mặt trận | mttq | hội | đoàn | liên đoàn | công đoàn | trạm | trường | tổ dân
    phố | khu phố | thôn | ấp | chánh văn phòng | ban giám đốc | chủ tịch | phó chủ tịch | thủ trưởng | chi
    cục | đài | kho bạc | đảng ủy | đảng bộ | chi bộ | chính quyền | ngân hàng | tổ công nghệ số | tổ trưởng
    | trưởng ban | trưởng khu phố | trưởng thôn | bí thư | hợp tác xã | tổ hòa giải | đơn vị | cơ quan tổ
    chức | cơ quan | bch | ban chqs | quân sự | tổ | quỹ | thành viên | các thành viên ban | đội | viện |
    hạt | bhxh | bảo hiểm xã hội | thuế | thi hành án | tòa án | lực lượng | trưởng các | trưởng phòng |
    hiệu trưởng | lãnh đạo ubnd | các cơ quan | các ban | các phòng | các đơn vị | các bộ phận | các tổ chức
    | các đoàn thể | các ngành | các hội | các tổ dân phố | các trường | các khu phố | các thôn | các công
    chức | các chi bộ | các tổ | các doanh nghiệp | các khu dân cư | các chi hội | các thành viên | ban
    ngành | các sở | các xã | các phường | khối
    """
)
# Heads which do not begin a name unless written with a capital (small, they are common nouns).
CAPITAL_HEADS = frozenset(
    same_tones(word)
    for word in _phrases(
        """
    ủy ban | hội | ban | đoàn | đài | trường | tổ | quỹ | đơn vị | cơ quan | quân sự | mặt trận | thanh tra
    | thuế | chính quyền | thường trực | thôn | ấp | công chức | đội | viện | hạt | lực lượng | khối | thành
    viên | bí thư | khu phố | tổ dân phố | chi bộ | tổ trưởng | sở | trạm | phó chủ tịch | đảng bộ | ngân
    hàng | ban ngành | hợp tác xã
        """
    )
)
# Specialities that stand as a unit in an organisation heading only ("Tài chính - Kế toán phường").
SPECIALITIES = _phrases(
    """
    tư pháp | địa chính | tài chính | kế toán | văn hóa | văn thư | thống kê | lao động | nội vụ | kinh tế |
    một cửa | cán bộ | ban chỉ đạo | người đứng đầu | lãnh đạo | trưởng | đồng chí | đ/c | hệ thống | y tế |
    đề nghị | tuyên giáo | thủ quỹ | chỉ huy trưởng | giáo dục | nông nghiệp | xây dựng - | giám đốc | phó |
    nhân dân | hộ gia đình | tiếp công dân
    """
)
# Small words allowed inside a name.
INNER = _words(
    """
    và của các cấp thuộc trực phường xã quận huyện tỉnh thành phố thị trấn đặc khu tổ thôn ấp xóm làng nhân
    dân ủy ban hội đồng quân sự chỉ huy chuyên môn đơn vị ngành cơ quan đoàn thể địa phương liên bộ phận văn
    phòng công an trạm y tế trường học phục vụ hành chính sở trung tâm tư pháp nội thông tin kinh hạ tầng đô
    hóa tài kế toán hoạch phụ nữ nông cựu chiến binh thanh niên người cao tuổi chữ thập đỏ trị - – & trưởng
    số nghệ tra bí thư chi tuyên giáo vận đại biểu cùng trên bàn đóng mặt trận tác quản lý dự án đầu giám
    sát cộng hòa giải khối doanh nghiệp viên thiếu tnhcm chức năng tín dụng khoa du lịch thao cư xây dựng
    giao môi nguyên đất đai thương lao động bảo hiểm thuế kho bạc cục đảng quốc bản báo chí bưu viễn phẩm
    dược dưỡng trợ tộc tôn kiểm lâm thủy lợi khuyến thú vệ thực vật nuôi vực đổi khởi mại điện lực nước sinh
    toàn cứu hộ cháy chữa dục đào tạo nghề việc hiện thống kê trách tịch
    """
)
_VERBS = _phrases(
    """
    chu dong | chu tri | phoi hop | phoi ket hop | thuc hien | tiep tuc | tap trung | xay dung ke hoach |
    xay dung va | xay dung quy | xay dung chuong | xay dung mo hinh | huong dan | tham muu | trien khai |
    chiu trach nhiem | co trach nhiem | bao cao | day manh | tang cuong | can cu | theo doi | theo chuc nang
    | tong hop | dang tin | dang tai | tham gia | ra soat | bo tri | giup | lam dau moi | lam nhiem | lam
    tot | phai | can_ | quan tam | van dong | tuyen truyen | trong viec | trong cong | de_ | khi_ | theo_ |
    nham_ | tai_ | tu_ | duoc_ | se_ | da_ | chi dao | quan triet | cu_ | dua_ | gui_ | lap_ | cung cap
    thong | cung cap tai | cung cap so | cung cap cac | cung cap day | cung cap kip | cung cap ho | tiep
    nhan don | tiep nhan, | tiep nhan y | tiep nhan ho | tiep cong dan | giai quyet | cong khai | kiem tra |
    don doc | danh gia | niem yet | dang ky | to chuc | thong bao | trinh_ | ban hanh | xem xet | cung voi |
    khong_ | thuong xuyen | nghiem tuc | tich cuc | kip thoi | phan cong | ho tro | bao dam | dam bao | tao
    dieu kien | duy tri | doi moi | nang cao | phat huy | lay y kien | ke tu | truoc_ | sau_ | hang_ | dinh
    ky | dang trien | tien hanh | la_ | gop y | giam sat viec | giam sat,_ | giam sat 100 | giam sat cac |
    giam sat qua | giam sat thuc | giam sat cong | giam sat chat | giam sat tinh | ky ket | van hanh | cap
    nhat | huy dong | hoan thanh | thanh lap | mo lop | mo_ | phat dong | phat hien | tham dinh | tiep thu |
    xu ly | tong ket | so ket | chuan bi | ve viec | ve cong | ve ket | ve tinh | neu_ | co nhiem | quan ly,
    su dung | phat thanh | viet tin | bien tap | chiu_ | toa dam
    """
)
VERB = re.compile(rf"(?:{'|'.join(_VERBS)})")
_NOUN_ORGANISATION = re.compile(r"to chuc(?: chinh tri| xa hoi|,? ca nhan| doan the| dang\b| -|,| thanh vien)")
HEAD = re.compile(
    rf"(?:{'|'.join(re.escape(same_tones(head)) for head in sorted(HEADS, key=len, reverse=True))})(?![\w])"
    r"(?!,?\s+(?:chức|hành|chống|nghị|họp|thảo|hợp|kết|ngũ|hữu|đất|bị|cháy|ngừa|tránh|"
    r"dịch|bệnh|đầu|tra việc|xuyên)\b)"
)
SPECIALITY = re.compile(
    rf"(?:{'|'.join(re.escape(same_tones(word)) for word in sorted(SPECIALITIES, key=len, reverse=True))}"
    r")(?![\w/])"
)
FIXED = re.compile(
    same_tones(
        r"bộ phận tiếp nhận và trả kết quả(?: giải quyết thủ tục hành chính| giải quyết tthc| hiện đại)?|"
        r"văn phòng (?:hđnd|hội đồng nhân dân)\s?(?:và|&|-|,)\s?(?:ubnd|ủy ban nhân dân)|"
        r"(?:thường trực|tt) (?:đảng ủy|hđnd)(?:,|,? và| -) (?:hđnd|ubnd)|"
        r"trung tâm phục vụ hành chính công|"
        r"đài truyền thanh|cổng thông tin điện tử|đoàn tncs hồ chí minh|đoàn thanh niên cộng sản hồ chí minh|"
        r"(?:ban )?chỉ huy quân sự|ban chỉ đạo (?:thực hiện )?(?:quy chế dân chủ|qcdc)(?: "
        r"ở cơ sở)?|ban công tác mặt trận|ban thanh tra nhân dân|"
        r"ban giám sát đầu tư(?: của)? cộng đồng|trung tâm cung ứng dịch vụ công|thủ trưởng "
        r"(?:các )?(?:cơ quan|đơn vị)(?:, đơn vị)?|"
        r"bộ phận một cửa|tổ công nghệ số cộng đồng|ban quản lý (?:dự án|chợ)"
    )
)


def is_verb(folded_rest: str) -> bool:
    """Whether the folded words ahead begin what a unit does, not its name."""
    return VERB.match(folded_rest) is not None and _NOUN_ORGANISATION.match(folded_rest) is None
