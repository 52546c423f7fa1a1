"""The tree of headings, and what each section is for: purpose, content, organisation, bare information."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from domain.plan_document.blocks import Block
from domain.plan_document.letters import plain
from domain.plan_document.markers import Level, number_of


class Section(StrEnum):
    """What stands under a heading."""

    PURPOSE = "purpose"
    CONTENT = "content"
    ORGANISATION = "organisation"
    FACT = "fact"


@dataclass(slots=True, eq=False)
class Node:
    """A heading or bullet with everything under it; the root has level None."""

    level: Level | None
    label: str
    text: str
    parent: "Node | None" = None
    children: list["Node"] = field(default_factory=list)
    path: str = ""

    def walk(self) -> Iterator["Node"]:
        """The node and all below it, in reading order."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))

    @property
    def is_row(self) -> bool:
        """Whether this is one line of a table."""
        return self.level is None and self.parent is not None and self.text.startswith("|")

    @property
    def is_paragraph(self) -> bool:
        """Whether this is a bare paragraph."""
        return self.level is None and self.parent is not None and not self.text.startswith("|")


_PURPOSE = re.compile(
    r"^(?:muc dich|yeu cau|muc tieu|quan diem|can cu|co so phap ly|su can thiet|thuc "
    r"trang|dac diem|tinh hinh|khai quat|"
    r"danh gia (?:ket qua|tinh hinh|chung)|ket qua (?:thuc hien|dat duoc|nam)|nguyen "
    r"tac|phuong cham|dinh huong|y nghia|chi tieu)\b"
)
_FACT = re.compile(
    r"^(?:thoi gian|dia diem|thanh phan|doi tuong|pham vi|kinh phi|nguon kinh phi|du "
    r"toan|nguon luc|khach moi|so luong|chu toa|che do chi|ty le|ban hanh kem theo|(?:quyet "
    r"dinh|nghi quyet|quy che|quy dinh) nay (?:co hieu luc|gom|duoc|thay the)|hieu luc "
    r"thi hanh|bai bo)\b"
)
_ORGANISATION = re.compile(
    r"to chuc thuc hien|phan cong|trach nhiem (?:thuc hien|thi hanh|cua)|to chuc trien "
    r"khai|^trach nhiem|^to chuc, thuc hien|to chu[c] th[uư]c hi[eê]n"
)
_TASKS = re.compile(r"noi dung|nhiem vu|giai phap")
_CLOSING = re.compile(
    r"^(?:tren day la|trong qua trinh (?:to chuc )?(?:trien khai|thuc hien)|yeu cau "
    r"(?:cac|thu truong|truong)|de nghi (?:cac|thu truong|uy ban)|"
    r"can cu (?:vao )?(?:noi dung )?(?:cua )?ke hoach nay|kinh (?:trinh|de nghi)|ke "
    r"hoach nay (?:co hieu luc|thay the)|nhan duoc ke hoach)"
)


def build_outline(blocks: list[Block]) -> Node:
    """The tree of a body's paragraphs."""
    root = Node(level=None, label="", text="")
    stack: list[Node] = [root]
    for block in blocks:
        if block.marker is None:
            _add_paragraph(stack, block.text)
            continue
        level, label, text = block.marker.level, block.marker.label, block.marker.rest
        nested = _is_nested_list(stack, level, label)
        while len(stack) > 1 and not nested and _closes(stack[-1], level):
            stack.pop()
        if nested:
            while len(stack) > 1 and (stack[-1].level is None or stack[-1].level >= Level.DASH):
                stack.pop()
        node = Node(level=Level.DASH if nested else level, label=label, text=block.text, parent=stack[-1])
        node.text = block.text if block.text else text
        node.path = "" if nested else _path(stack, level, label)
        stack[-1].children.append(node)
        stack.append(node)
    return root


def _closes(top: Node, level: Level) -> bool:
    return top.level is not None and top.level >= level


def _add_paragraph(stack: list[Node], text: str) -> None:
    while len(stack) > 1 and stack[-1].level is not None and stack[-1].level >= Level.DASH:
        stack.pop()
    stack[-1].children.append(Node(level=None, label="", text=text, parent=stack[-1]))


def _is_nested_list(stack: list[Node], level: Level, label: str) -> bool:
    """ "1." again below a letter or a bullet of item 3: a list inside the item, not a new first item."""
    if level is not Level.ARABIC:
        return False
    arabic = next((node for node in reversed(stack) if node.level is Level.ARABIC), None)
    if arabic is None or arabic is stack[-1]:
        return False
    inside = stack[-1].level is not None and stack[-1].level >= Level.LETTER
    number = number_of(label)
    expected = number_of(arabic.label) + 1
    nested_before = any(child.label.isdigit() and child.level is Level.DASH for child in stack[-1].children) or (
        stack[-1].level is Level.DASH and stack[-1].label.isdigit()
    )
    return inside and number != expected and (number == 1 or nested_before)


def _path(stack: list[Node], level: Level, label: str) -> str:
    above = [node for node in stack[1:] if node.level is not None and node.level < Level.DASH]
    if level in (Level.ARABIC_2, Level.ARABIC_3):
        above = [node for node in above if node.level is None or node.level < Level.ARABIC]
    if not above or level >= Level.DASH:
        return label if level < Level.DASH else ""
    base = above[-1].path
    return f"{base}.{label}" if base else label


def section_of(node: Node) -> Section:
    """What the heading or the nearest heading above it that says so is for."""
    own: Section | None = None
    current: Node | None = node
    while current is not None and current.parent is not None:
        if current.level is not None and current.level < Level.DASH:
            found = _declared(current)
            if found is Section.PURPOSE or (found is Section.FACT and current is node):
                return found
            own = own or found
        current = current.parent
    return own or Section.CONTENT


def _declared(node: Node) -> Section | None:
    head = plain(node.text[:160])
    is_section = node.level is not None and node.level <= Level.ROMAN
    if _FACT.match(head):
        return Section.FACT
    if _PURPOSE.match(head) and not (is_section and _TASKS.search(head)):
        return Section.PURPOSE
    if _ORGANISATION.search(head[:70]) and len(node.text) < 140:
        return Section.ORGANISATION
    if is_section:
        return Section.CONTENT
    return None


def is_closing(text: str) -> bool:
    """Whether a bare paragraph is the document's closing formula."""
    return _CLOSING.match(plain(text[:80])) is not None


def drop_closing(root: Node) -> list[str]:
    """Take the closing paragraphs ("Trên đây là Kế hoạch … ./.") off the last heading; returns their words."""
    last = root
    while (heading := next((child for child in reversed(last.children) if child.level is not None), None)) is not None:
        if heading.level is not None and heading.level >= Level.DASH:
            break
        last = heading
    closing: list[str] = []
    for holder in _with_parents(last):
        while holder.children and holder.children[-1].is_paragraph:
            text = holder.children[-1].text
            final = "./." in text[-6:] and len(holder.children) > 1
            if not (is_closing(text) or final):
                break
            closing.insert(0, text)
            holder.children.pop()
    return closing


def _with_parents(node: Node) -> Iterator[Node]:
    current: Node | None = node
    while current is not None:
        yield current
        current = current.parent
