"""Danger to life that is happening now, told apart from talk about danger."""

import re
from enum import StrEnum

from domain.routing_words import PhraseBook, Reading, apart, read

NEGATION_REACH = 3  # words before a phrase within which "không", "chưa", "sợ" or "phòng" take the danger away


class Danger(StrEnum):
    """What kind of help must come at once."""

    FIRE = "fire"  # 114
    VIOLENCE = "violence"  # 113
    MEDICAL = "medical"  # 115
    RESCUE = "rescue"  # 112, 114


def _book(present: str, *, but_not: str) -> PhraseBook:
    return PhraseBook(apart(present), but_not=apart(but_not))


# First what is meant, then the everyday words that sound like it.
_BOOKS = {
    Danger.FIRE: _book(
        """
        cháy nhà, nhà cháy, nhà đang cháy, đang cháy, bị cháy, cháy lớn, cháy to, cháy rồi, cháy quán,
        cháy xưởng, cháy kho, cháy chợ, cháy chung cư, cháy phòng trọ, cháy trọ, cháy rừng, cháy xe,
        xe cháy, cháy bếp, bốc cháy, bùng cháy, hỏa hoạn, phát hỏa, lửa cháy, lửa bùng, lửa lan, cháy lan,
        cháy cột điện, cháy trụ điện, cháy tủ điện, cháy bình gas, nổ bình gas, nổ gas, xì gas, rò gas,
        rò rỉ gas, rò rỉ ga, xì ga, mùi gas nồng, hở gas, phát nổ, tiếng nổ lớn, nổ trạm biến áp,
        nổ bình biến áp, khói bốc lên, khói mù mịt từ nhà, cháy dữ dội, cháy ngùn ngụt, đám cháy,
        chập điện cháy
        """,
        but_not="""
        bóng đèn bị cháy, đèn bị cháy, đèn đường bị cháy, cháy túi, hàng cháy rồi, hàng cháy, phòng cháy,
        chữa cháy, xe chữa cháy,
        nguy cơ cháy, dễ cháy, chống cháy, cháy nắng, da cháy, cháy hàng, báo cháy, cháy bóng, cháy đèn,
        cháy máy, cháy đồ điện, có cháy xe, nếu có cháy, lỡ cháy, lỡ có cháy, sợ cháy,
        dây điện bị cháy xém, cây cháy lá, bị cháy nắng, bị cháy bóng, dễ bốc cháy, cháy cầu chì,
        mô tơ bị cháy, tủ lạnh bị cháy, ti vi bị cháy, máy bơm bị cháy, phòng chống cháy nổ, pháo phát nổ,
        dễ phát nổ, cháy da, cháy lá, đồ điện bị cháy, máy bị cháy, quạt bị cháy, công tơ bị cháy,
        bóng bị cháy, hay bị cháy, từng bị cháy, vụ cháy trước, lúa cháy, ruộng cháy,
        khu vực bị cháy trước
        """,
    ),
    Danger.VIOLENCE: _book(
        """
        đang đánh nhau, đánh nhau, ẩu đả, chém nhau, chém người, đâm chém, bị chém, bị đâm, đâm người,
        cầm dao, cầm mã tấu, vác dao, cầm rựa, rượt chém, hỗn chiến, nổ súng, bắn nhau, có súng, cướp,
        bị cướp, đang cướp, cướp giật, trộm vào nhà, trộm đang, trộm vô nhà, có trộm, đang trộm,
        đang hành hung, hành hung, đánh người, bị đánh, đánh đập, đánh vợ, đánh con, đang đánh vợ,
        đánh chết, dọa giết, đòi giết, giết người, bắt cóc, khống chế, con tin, hiếp dâm, cưỡng hiếp,
        bạo hành, ngáo đá, phá cửa, đập cửa nhà, xông vào nhà, đòi tự thiêu, cầm xăng, tạt axit, đánh lộn,
        oánh nhau, uýnh nhau
        """,
        but_not="""
        cướp chỗ, cướp đất, ăn cướp, như cướp, tội ăn cướp, giá cướp, sợ trộm, chống trộm, phòng trộm,
        trộm chó, kẻ trộm tháng, đánh nhau to tiếng, cướp công, cướp khách, bị đánh thuế, bị đánh rớt,
        đánh giá, bị đánh máy, bị đánh giá, bị đâm thủng, bị đâm xe, đánh con số, bị chém giá,
        hay đánh nhau, từng đánh nhau
        """,
    ),
    Danger.MEDICAL: _book(
        """
        tai nạn, bị tai nạn, tai nạn giao thông, bất tỉnh, ngất xỉu, bị ngất, xỉu, ngừng thở,
        không thở được, khó thở, đột quỵ, co giật, chảy máu nhiều, máu chảy nhiều, mất máu, bị thương,
        bị thương nặng, đang cấp cứu, cần cấp cứu, cấp cứu gấp, gãy chân, gãy tay, rắn cắn, bị rắn cắn,
        ngộ độc, uống thuốc sâu, uống thuốc tự tử, tự tử, đòi tự tử, nhảy cầu, nhảy lầu, treo cổ,
        cắt tay tự, điện giật, bị điện giật, bị giật điện, giật điện, bị xe tông, xe tông người, tông chết,
        cán chết, đau tim, lên cơn đau tim, nhồi máu, sắp sinh, vỡ ối, chuyển dạ, hôn mê, sắp chết,
        sốc phản vệ, hóc xương, hóc dị vật, nằm bất động, sùi bọt mép, bị bỏng, phỏng nặng, bỏng nặng,
        té lầu, té từ trên cao, ngã từ trên cao, ngã giàn giáo
        """,
        but_not="""
        dễ tai nạn, gây tai nạn, hay tai nạn, nguy cơ tai nạn, tránh tai nạn, xảy ra tai nạn,
        bảo hiểm tai nạn, sợ tai nạn, dễ xảy ra tai nạn, nhiều vụ tai nạn, phòng tai nạn, sợ ngộ độc,
        chống ngộ độc, trợ cấp tai nạn, có ngày tai nạn, mấy vụ tai nạn, vài vụ tai nạn, nhiều tai nạn,
        chế độ tai nạn, tai nạn lao động năm, tai nạn thường xuyên, dễ bị điện giật, sợ điện giật,
        sợ giật điện, sợ bị điện giật, nguy cơ điện giật, dễ ngộ độc, kẻo tai nạn, kẻo có tai nạn,
        phòng ngộ độc, có thể tai nạn, thường tai nạn, thường xảy ra tai nạn, hạn chế tai nạn,
        giảm tai nạn, thống kê tai nạn, sợ bị rắn cắn, kẻo bị thương, bị thương binh,
        thương tật do tai nạn, ngộ độc thực phẩm năm ngoái, điểm đen tai nạn, gây mất an toàn
        """,
    ),
    Danger.RESCUE: _book(
        """
        mắc kẹt, người mắc kẹt, bị kẹt trong, kẹt trong thang máy, kẹt thang máy, kẹt dưới, bị vùi,
        bị chôn vùi, bị đè, đè trúng người, sập nhà, nhà sập, sập tường, tường sập, sập giàn giáo, sập cầu,
        sạt lở đè, sạt lở vùi, đuối nước, chết đuối, bị đuối, rơi xuống nước, rớt xuống sông,
        rơi xuống sông, té xuống sông, lọt xuống sông, rơi xuống giếng, rớt xuống giếng, lọt xuống cống,
        rơi xuống cống, rớt xuống cống, lọt xuống hố, rơi xuống hố, lọt cống mất tích, bị cuốn trôi,
        cuốn trôi, nước cuốn, lũ cuốn, bị cô lập, kêu cứu, cứu với, cứu người, cứu tôi, cứu em, đang cứu,
        trẻ mất tích, mất tích, lạc trong rừng, dây điện đứt rơi, đứt dây điện xuống, dây điện đứt xuống,
        dây điện rớt xuống, dây điện rơi xuống, cây đổ đè, cây đổ trúng người, cây đè người, cây đè trúng,
        nước dâng ngập nhà, leo lên mái nhà, ngập tới mái, cứu giúp khẩn cấp, khẩn cấp cứu
        """,
        but_not="""
        sợ đuối nước, phòng đuối nước, chống đuối nước, phòng chống đuối nước, sắp sập nhà, sợ sập nhà,
        nguy cơ sập, sợ sập, phòng ngừa đuối nước, nguy cơ đuối nước, tránh đuối nước, có ngày chết đuối,
        sợ sập tường, dễ đuối nước, kẻo đuối nước, kẻo chết đuối, kẻo sập nhà, hồ sơ mất tích,
        giấy tờ mất tích, mắc kẹt hồ sơ, mắc kẹt thủ tục, tuyên bố mất tích, kẹt xe, quyết định sập,
        dạy bơi chống đuối nước, tường sập từ lâu, nhà sập từ lâu, nhà sập mấy năm, sập sệ
        """,
    ),
}
# A few words before the find these make it talk, not news.
_TAKING_BACK = PhraseBook(
    apart(
        """
        không có, chưa có, chưa bị, phòng, chống, phòng ngừa, đề phòng, nguy cơ, sợ, lỡ, kẻo, nếu, nhỡ, ngộ nhỡ,
        dễ bị, tránh, từng, trước đây, năm ngoái, năm trước, tháng trước, hồi trước, tập huấn, diễn tập,
        tuyên truyền, kỹ năng, dễ xảy ra, có ngày, sẽ có, có thể
        """
    )
)
# Without marks: phòng/phong, chồng/chống, số/sợ, lo/lỡ, nhỏ/nhỡ, tùng/từng.
_UNCLEAR_BARE = frozenset({"phong", "chong", "so", "lo", "nho", "tung"})
_PAST_TIME = re.compile(
    r" (?:nam ngoai|nam truoc|thang truoc|tuan truoc|hom truoc|hoi truoc|truoc day|bua truoc|da tung|"
    r"may thang truoc|hom kia|nam 20\d\d|lan truoc|mot so vu|nhieu vu|may vu|vai vu|thuong xuyen|hay bi) "
)


def dangers(text: str) -> frozenset[Danger]:
    """What endangers life right now by this message; empty for talk of prevention, risk, or what is long over.

    In doubt it warns: a needless line with 114 costs nothing, a missing one may.
    """
    reading = read(text)
    return frozenset(danger for danger, book in _BOOKS.items() if _is_present(reading, book))


def _is_present(reading: Reading, book: PhraseBook) -> bool:
    if _PAST_TIME.search(reading.bare) and not _HAPPENING.search(reading.bare):
        return False
    return any(not _taken_back(reading, found.start) for found in book.find(reading))


_HAPPENING = re.compile(r" (?:dang|cuu|gap|khan cap|ngay bay gio|bay gio|luc nay|hien gio|mau len) ")


def _taken_back(reading: Reading, start: int) -> bool:
    before = Reading(words=reading.words[max(0, start - NEGATION_REACH) : start], accented=reading.accented)
    return any(
        reading.accented or found.end - found.start > 1 or before.words[found.start].bare not in _UNCLEAR_BARE
        for found in _TAKING_BACK.find(before)
    )
