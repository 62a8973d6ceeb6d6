import Diagnostics

/// What the anchors of a document stand for so far. An anchor written again means the later node from there on.
struct AnchorTable {
    enum Anchor {
        /// Its node is still being read: an alias within it would never end.
        case open
        case defined(PlanNode, count: Int, height: Int)
    }

    private var anchors: [String: Anchor] = [:]

    var names: [String] { anchors.keys.sorted() }

    subscript(name: String) -> Anchor? { anchors[name] }

    mutating func open(_ name: String) { anchors[name] = .open }

    /// `count` and `height` are what each alias adds to the document.
    mutating func define(_ name: String, _ node: PlanNode, count: Int, height: Int) {
        anchors[name] = .defined(node, count: count, height: height)
    }
}
