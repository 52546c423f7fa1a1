"""The phrases that make a message a petition, a question, a complaint or a denunciation (LAW.md 2.1)."""

from domain.routing_words import PhraseBook, apart


def _book(phrases: str, *, but_not: str = "") -> PhraseBook:
    """Phrases set apart by commas, over as many lines as they need."""
    return PhraseBook(apart(phrases), but_not=apart(but_not))


# Luật Tố cáo 25/2018/QH14 Đ2.1: to report a breach of law by a person or body.
ACCUSING = _book(
    """
    tố cáo, tố giác, đơn tố cáo, xin tố, tôi tố, tố ông, tố bà, tố anh, tố chị, tố thầy, tố cô, tố cán bộ,
    tố tổ trưởng, tố chủ tịch, tố hiệu trưởng, tố lãnh đạo, tố công an, tố nhân viên, vạch trần
    """,
    but_not="""
    bị tố cáo oan, người tố cáo, tổ ong
    """,
)
SELF_DEALING = _book(
    """
    hối lộ, nhận hối lộ, ăn hối lộ, đòi hối lộ, phong bì, nhận phong bì, lót tay, tiền lót tay, bôi trơn,
    chung chi, đòi chung, bắt chung, chung tiền, vòi tiền, vòi vĩnh, hành vi vòi, vòi thêm, vòi quà,
    đòi tiền mới, đòi tiền để, gợi ý đưa tiền, gợi ý bồi dưỡng, đòi bồi dưỡng, tiền bồi dưỡng,
    đòi tiền trà nước, tiền cà phê, làm luật, ăn chặn, ăn bớt, bớt xén, cắt xén, xà xẻo, biển thủ, tham ô,
    tham nhũng, tư túi, bỏ túi, bỏ túi riêng, túi riêng, trục lợi, tư lợi, kiếm chác, chia chác, rút ruột,
    chiếm đoạt, chiếm dụng tiền, chiếm dụng quỹ, ôm tiền, ôm quỹ, lấy tiền riêng, tiền bỏ túi,
    lấy tiền quỹ, xài tiền quỹ, lấy quỹ, tiêu xài quỹ, thụt két, ký khống, kê khống, khai khống, lập khống,
    làm khống, chi khống, hóa đơn khống, danh sách khống, nâng khống, khống hồ sơ, hồ sơ khống, hồ sơ giả,
    làm giả, giả mạo chữ ký, giả chữ ký, ký giả, ký thay, làm giả giấy tờ, giấy tờ giả, bằng giả,
    dùng bằng giả, khai man, sửa hồ sơ, gian lận phiếu, gian lận bầu cử, sửa phiếu, chạy án, chạy chọt,
    chạy việc, chạy tiền, nhận tiền chạy, nhận tiền để, nhận tiền của, nhận tiền cho, lấy tiền của dân,
    lấy tiền dân, thu tiền riêng, ăn tiền, ăn tiền của dân, ăn hoa hồng, nhận hoa hồng, lợi dụng chức vụ,
    lợi dụng chức quyền, lợi dụng quyền hạn, lạm dụng chức vụ, lạm dụng quyền hạn, lạm quyền, thông đồng,
    móc ngoặc, cấu kết, câu kết, tiếp tay, bảo kê, làm nhanh, không đưa biên lai, không ghi biên lai,
    không viết biên lai, không xuất biên lai, đem bán, tự ý bán, bán đất công, cấp đất công,
    bán gạo cứu trợ, lấy gạo, lấy quà cứu trợ, giữ lại tiền, giữ lại một phần, mỗi hộ giữ lại, chỉ đưa có,
    chỉ phát có, chỉ nhận được, đưa người nhà vào, đưa người thân vào, cho người nhà vào, ưu ái người nhà,
    mua chuộc, bán chức, mua phiếu, nhận quà, vô túi, vào túi, đút túi, đút lót, tiêu cực, chung triệu,
    thu tiền lậu, thu trái phép, thu tiền trái phép, đưa tiền mới, đưa tiền thì mới, phải đưa tiền,
    phải có tiền, bắt đưa tiền, bắt nộp tiền riêng, nộp tiền riêng, chuyển khoản riêng,
    chuyển khoản vô tài khoản riêng, tài khoản cá nhân, ghi khống tên, ghi khống danh sách, chứng từ khống,
    tự lấy tiền, lấy tiền vận động, lấy tiền dân góp, lấy tiền hỗ trợ, xài riêng, lấy tiền cứu trợ,
    lấy tiền mua, lấy tiền của, đem cho vay, đi cho vay, làm của riêng, mua xe riêng, lấy tiền đóng góp,
    lập danh sách ma, khai tăng, kê tăng, ăn đất, lấy đất công, chiếm đất công, bao che, xâm hại, gạ tình,
    nhận của
    """,
)
CRIMES = _book(
    """
    bán ma túy, buôn ma túy, buôn bán ma túy, mua bán ma túy, tàng trữ ma túy, bán hàng đá, bán thuốc lắc,
    bán cần sa, chứa ma túy, tổ chức đánh bạc, chứa bạc, gá bạc, chứa gá bạc, chứa gá, sòng bạc, mở sòng,
    sòng bài, ghi đề, ghi số đề, thầu đề, làm đề, cá độ, đá gà ăn tiền, tổ chức đá gà, mở trường gà,
    trường gà, chứa mại dâm, môi giới mại dâm, chứa gái, bán dâm, mại dâm, cho vay nặng lãi,
    cho vay lãi nặng, cho vay cắt cổ, lừa đảo, lừa tiền, lừa gạt, quỵt tiền, dâm ô, hiếp dâm, xâm hại,
    buôn lậu, buôn người, tàng trữ, chôn chất thải, chích điện bắt cá, phá rừng, bán pháo, làm giấy tờ giả,
    bán hàng giả, giết người, trộm cắp, ăn trộm, trộm xe, tiêu thụ đồ gian, vật liệu nổ, súng
    """,
)
OFFICIALS = _book(
    """
    cán bộ, công chức, viên chức, tổ trưởng, tổ phó, trưởng khu phố, trưởng thôn, trưởng ấp, trưởng xóm,
    chủ tịch, phó chủ tịch, bí thư, công an khu vực, anh công an, ông công an, công an phường nhận,
    thanh tra, đội trật tự, địa chính, kế toán, thủ quỹ, hiệu trưởng, hiệu phó, giám đốc, trưởng phòng,
    trưởng ban, trưởng trạm, nhân viên, làm hộ tịch, bên hộ tịch, tư pháp hộ tịch, bên quân sự,
    bên địa chính, ban bồi thường, ban quản lý, quản lý đình, trật tự đô thị, chỉ huy trưởng, đội trưởng,
    chi hội trưởng, hội trưởng, chủ nhiệm, dân phòng, bảo vệ dân phố, giáo viên chủ nhiệm, lãnh đạo phường,
    lãnh đạo xã, quan chức, đảng viên, đại biểu hội đồng, ban đại diện cha mẹ, công an phường,
    trưởng công an, trưởng trạm y tế, bác sĩ, kiểm đếm, một cửa, bí thư chi bộ, trưởng ban mặt trận
    """,
)
NUISANCES = _book(
    """
    karaoke, hát hò, ồn ào, ầm ĩ, ầm ầm, mở nhạc, loa, nhạc, rác, xe rác, quét rác, đổ rác, vứt rác,
    đốt rác, khói bụi, khói đen, bụi, mùi hôi, hôi thối, nuôi heo, nuôi gà, nuôi chó, con chó, chó sủa,
    thả chó, gà gáy, gà chọi, con gà, con heo, thả rông, đậu xe, đỗ xe, xe đậu, ô tô đậu, cãi nhau, chửi,
    chửi bới, nói xấu, xích mích, nước thải, nước chảy, tạt nước, cây lấn, thái độ, quát tháo, quát,
    hách dịch, cúp điện, cúp nước, mất điện, mất nước, tiền điện, tiền nước, wifi, internet, hẻm ngập,
    ngập, ổ gà, đèn đường, nhậu, say xỉn, tiếng ồn, phơi đồ, đồng hồ nước, đồng hồ điện, shipper,
    hàng xóm hát
    """,
)
# Luật Khiếu nại 02/2011/QH13 Đ2.1: a decision or act of the administration against one's own right.
COMPLAINING = _book(
    """
    khiếu nại, đơn khiếu nại, khiếu kiện, làm đơn khiếu nại, kiện ủy ban, kiện phường, khởi kiện
    """,
)
DECISIONS = _book(
    """
    quyết định, văn bản, kết quả, kết luận, thông báo số, thông báo thu hồi, phương án,
    phương án bồi thường, biên bản, không cấp, không chịu cấp, chậm cấp, cấp sai, từ chối, bác đơn,
    bác hồ sơ, trả hồ sơ, không nhận hồ sơ, không giải quyết, không trả kết quả, không trả hồ sơ,
    cắt trợ cấp, cắt chế độ, cắt tiền, ngừng trợ cấp, dừng trợ cấp, ngưng trợ cấp, không được hưởng,
    không cho hưởng, không công nhận, không xét, loại khỏi danh sách, loại tên, bỏ tên, gạch tên,
    thu hồi đất, thu hồi giấy, thu hồi sổ, thu hồi, hủy sổ, hủy giấy, hủy quyết định, hủy bỏ, cưỡng chế,
    xử phạt, phạt, tháo dỡ, áp giá, đơn giá, giá bồi thường, giá đền bù, mức bồi thường, bồi thường thiếu,
    bồi thường thấp, không bồi thường, đền bù, không đền bù, tiền bồi thường, bồi thường, tái định cư,
    kiểm đếm, kiểm kê, giấy chứng nhận, cấp giấy, cấp sổ, cấp phép, giấy phép, không cho tách thửa,
    không cho xây, không cho đăng ký, không đăng ký, hành vi của, hành vi hành chính, hành vi từ chối,
    hành vi chậm, gọi nhập ngũ, hộ nghèo, chấm điểm, xét duyệt, trái tuyến, không nhận con tôi, đuổi học,
    kỷ luật, buộc thôi học, tính thuế, thuế, truy thu, thu thuế, tước, đình chỉ, đóng cửa quán,
    giải quyết tranh chấp, công nhận quyền, cấp đất, giao đất cho, đo sai, đo thiếu, thiếu diện tích,
    không cho cải chính, không cho làm, không cho nhập, không chịu giải quyết, không đồng ý cấp, công văn,
    ra khỏi danh sách, khỏi danh sách, xóa tên, phường không cho, ủy ban không cho, xã không cho,
    không làm giấy, chậm giải quyết, chậm trễ giải quyết, xác nhận, chứng thực, khai sinh, hộ khẩu,
    đăng ký
    """,
)
AGAINST_DECISION = _book(
    """
    không đồng ý với quyết định, không đồng ý quyết định, không đồng tình với quyết định,
    không chấp nhận quyết định, phản đối quyết định, không đồng ý với kết quả, không đồng ý kết quả,
    không chấp nhận kết quả, không đồng ý với phương án, không đồng ý phương án, không đồng ý với văn bản,
    không đồng ý với thông báo, không đồng ý với kết luận, không đồng ý với mức bồi thường,
    không đồng ý mức bồi thường, không đồng ý với giá bồi thường, hủy quyết định, hủy bỏ quyết định,
    thu hồi quyết định, xem xét lại quyết định, rút lại quyết định, xét lại quyết định, quyết định sai,
    quyết định trái pháp luật, quyết định không đúng, quyết định oan
    """,
)
WANTING_TO_KNOW_HOW = _book(
    """
    nộp đơn ở đâu, gửi đơn ở đâu, gửi đơn cho ai, làm đơn thế nào, làm đơn như thế nào, viết đơn thế nào,
    nộp ở đâu, muốn khiếu nại thì, muốn tố cáo thì, khiếu nại thì, tố cáo thì, thủ tục khiếu nại,
    thủ tục tố cáo, cách khiếu nại, cách tố cáo, mẫu đơn khiếu nại, mẫu đơn tố cáo, khiếu nại ở đâu,
    tố cáo ở đâu, khiếu nại như thế nào, gửi đơn đi đâu, tố cáo như thế nào, thời hạn giải quyết khiếu nại,
    thời hạn khiếu nại, thời hiệu khiếu nại, thời hạn giải quyết tố cáo, gặp ai để khiếu nại,
    gặp ai để tố cáo, khiếu nại cần, tố cáo cần
    """,
)
# Questions: what somebody wants to know …
ASKING = _book(
    """
    cho hỏi, xin hỏi, cho em hỏi, cho tôi hỏi, cho tui hỏi, cho mình hỏi, cho con hỏi, cho cháu hỏi,
    hỏi phường, muốn hỏi, xin cho biết, cho biết, cho tôi biết, cho em biết, xin thông tin,
    xin số điện thoại, cho xin số, xin địa chỉ, cho em xin số, cho tôi xin số, thắc mắc, xin tư vấn,
    tư vấn giúp, nhờ tư vấn, nhờ hướng dẫn, xin hướng dẫn, hướng dẫn giúp, hướng dẫn em, hướng dẫn tôi,
    hướng dẫn cách, cần gì, cần những gì, cần giấy tờ gì, cần giấy gì, giấy tờ gì, những giấy tờ nào,
    giấy gì, hồ sơ gì, hồ sơ gồm, gồm những gì, gồm gì, thủ tục gì, thủ tục thế nào, thủ tục như thế nào,
    thủ tục ra sao, thủ tục sao, làm thủ tục, ở đâu, chỗ nào, nơi nào, đâu vậy, đâu ạ, đi đâu, khi nào,
    bao giờ, chừng nào, lúc nào, bao lâu, mấy giờ, mấy ngày, giờ nào, ngày nào, ngày mấy, hôm nào, thứ mấy,
    tháng mấy, năm nào, mấy tuổi, bao nhiêu, bao nhiêu tiền, mất bao nhiêu, nhiêu tiền, mức nào,
    như thế nào, thế nào, ra sao, làm sao, làm thế nào, làm cách nào, cách nào, sao cho đúng, được không,
    được chưa, được hông, phải không, đúng không, có đúng không, hay không, hay chưa, có phải, có được,
    có cần, có bị, có còn, còn không, còn nhận, có mất, có phụ cấp không, có thể, gì không, không vậy,
    không ạ, hông ạ, chưa ạ, chưa vậy, hả, liên hệ ai, gặp ai, báo ai, hỏi ai, gọi ai, xin phép ai,
    gọi số nào, số mấy, của ai, thuộc khu phố mấy, thuộc tổ mấy, khu phố mấy, tổ mấy, hưởng gì, chế độ gì,
    chế độ nào, mức hưởng, là gì, nghĩa là gì, căn cứ đâu, căn cứ vào đâu, dựa vào đâu, quy định nào,
    quy định thế nào, luật nào, phí bao nhiêu, thì sao, vì sao, tại sao, hay phải, hay thuế, ai phụ trách,
    ai giải quyết, đến đâu, tới đâu rồi, tới đâu, đến đâu rồi, có không, không nhỉ, làm việc không,
    có làm không, có làm việc, có khám, có tiêm, có tổ chức, có hỗ trợ không, có chính sách
    """,
    but_not="""
    ngày nào cũng, năm nào cũng, tháng nào cũng, tuần nào cũng, giờ nào cũng, lúc nào cũng, khi nào cũng,
    bao giờ cũng, đêm nào cũng, sáng nào cũng, tối nào cũng, ở đâu cũng, đâu cũng, không bao giờ,
    chưa bao giờ, chẳng bao giờ, có bao giờ, chỗ nào cũng, nơi nào cũng, thế nào cũng, ngày nào đó,
    lúc nào không hay, bao giờ được, có được đâu, mười mấy tuổi, không biết bao giờ, ai cũng, ngày nào là,
    không biết bao nhiêu, biết bao nhiêu, không biết kêu ai, không biết làm sao, bấy giờ, có thể gây,
    có thể bị, có thể sập, có thể ngã, có thể đổ, có thể xảy ra, có phải là, dù có, mới có được
    """,
)
# … and what betrays that nobody waits for an answer, or that the matter is a grievance.
RHETORICAL = _book(
    """
    vậy trời, trời ơi, trời đất, mần răng chừ, kỳ rứa, răng kỳ, sao kỳ, kỳ vậy, kỳ cục, sao không ai,
    không lẽ, chẳng lẽ, ai cho, ai mà, ai chịu, ai đời, chịu sao nổi, sao chịu nổi, sao chịu được,
    sao sống nổi, làm ăn gì, coi sao được, vậy mà coi được, còn gì là, để làm gì, có coi dân ra gì,
    coi dân ra gì, ra cái gì, là sao, có ai không, tới chừng nào nữa, đến bao giờ nữa, bao giờ mới chịu,
    chừng nào mới chịu, có ai quản không, không ai quản, ai quản, có ai thấy
    """,
)
GRIEVANCES = _book(
    """
    hoài, suốt, miết, không ai, chưa ai, chưa thấy, hư, hỏng, hôi, thối, ồn, ầm ầm, nguy hiểm, bó tay,
    bức xúc, quá sức, khổ, lắm rồi, chịu không nổi, không chịu nổi, không ngủ được, bị té, ngã, sập,
    mấy tháng nay, cả tuần nay, mấy hôm nay, mấy bữa nay, mấy ngày nay, cả tháng nay, mấy năm nay, lâu rồi,
    lâu quá, nhiều lần, phản ánh nhiều lần, mà không, vẫn chưa, vẫn không, không giải quyết, không xử lý,
    quá trời, tràn lan, lấn chiếm, ô nhiễm, mất vệ sinh
    """,
)
# With a question mark behind them these ask, whatever they may be elsewhere.
ASKING_WORDS = _book(
    """
    ai, gì, nào, đâu, sao, không, chưa, hay, mấy, bao, hả, hông, răng, mô
    """,
)
# Requests: who begins so, or asks for something new, petitions …
REQUESTING = _book(
    """
    đề nghị, kiến nghị, đề xuất, mong, rất mong, mong muốn, mong sao, ước gì, nguyện vọng, yêu cầu, góp ý,
    nhờ, xin, xin được, xin đề nghị, xin kiến nghị, kính đề nghị, kính mong, giá mà, phải chi
    """,
    but_not="""
    xin khiếu nại, xin tố cáo, xin tố giác, xin phản ánh, xin hỏi, xin cho hỏi, xin báo, xin thông báo,
    xin trình báo, xin cảm ơn, xin chào, xin lỗi, xin phép, xin giấy, xin xác nhận, xin việc, xin ăn,
    xin tiền, xin nói, xin kể, xin bày tỏ, đi xin, ra xin, lên xin, xin cấp phép, đơn xin, xin đểu, xin xỏ,
    xin chuyển, hồ sơ xin, xin trích, xin sao, góp ý thì, góp ý mà, góp ý không, góp ý hoài,
    góp ý nhiều lần, mà góp ý, không xin, mong manh, mong chờ, mong đợi, theo yêu cầu
    """,
)
IMPROVING = _book(
    """
    lắp, lắp đặt, lắp thêm, gắn biển, gắn camera, gắn đèn, gắn gờ, gắn thêm, gắn số, gắn gương, đầu tư,
    xây thêm, xây dựng, xây, xây mới, làm thêm, làm mới, làm đường, làm cống, làm cầu, mở rộng, mở thêm,
    mở lớp, mở, nâng cấp, cải tạo, bố trí, điều chỉnh, đặt tên, đặt thêm, đặt biển, đặt lại tên, đặt,
    trồng, trồng thêm, trồng lại, bổ sung, tăng, tăng cường, tăng thêm, giảm, miễn, miễn giảm, hỗ trợ,
    tổ chức, quy hoạch, ban hành, thành lập, kéo dài, gia hạn, cho phép, cho đậu, cho đỗ, cho xe,
    công khai, tuyên truyền, vận động, phân luồng, cấm, cấm xe, di dời, thêm, quan tâm, tạo điều kiện,
    bê tông hóa, trải nhựa, láng nhựa, thảm nhựa, có thêm, có bác sĩ, có chỗ, có đèn, có ánh sáng, có nơi,
    có máy, có xe, có đội, bảo tồn, đừng, cắm bảng, cấp nền, cho mượn, cho dân, cho người dân, đưa vào,
    đưa nội dung, đưa cháu, đưa con, đưa vô, xem xét mở, xem xét cho, xem xét lắp, xem xét hỗ trợ,
    xem xét đầu tư, nghiên cứu, sắp xếp, cấp thêm, cấp đất, kẻ vạch, kẻ lại, sơn kẻ, phát thêm, phát lại,
    phổ biến, hướng dẫn bà con, mời, bầu lại, đổi tên, tách tổ, sáp nhập, ưu tiên, trang bị, kéo điện,
    kéo đường, kéo nước, cấp nước, đào tạo, dạy bơi, can thiệp giúp, can thiệp đưa, chuyển sang,
    chuyển giờ, đổi giờ, áp dụng, duy trì
    """,
)
HANDLING = _book(
    """
    xử lý, kiểm tra, giải quyết, sửa, sửa chữa, sửa lại, thay, thay mới, dọn, dọn dẹp, dẹp, nhắc nhở, nhắc,
    làm rõ, khơi thông, trả lại, xác minh, xử phạt, phạt, cho người, cắt tỉa, nạo vét, khắc phục,
    can thiệp, xem lại, xem xét lại, trả lời, xem xét giải quyết, xem xét xử lý, vá, lấp, gắn nắp, đốn,
    chặt, thu gom, lấy rác, đo lại, đếm lại, chấn chỉnh, ngăn chặn, có biện pháp, tháo dỡ, bắt, di lý,
    đình chỉ, xuống coi, xuống xem, coi lại, phun thuốc, xịt muỗi, sớm có, khẩn trương
    """,
)
