import Diagnostics

/// Reads `metric` or `metric{tag=value, …}`.
struct SelectorReader {
    private var cursor: TextCursor
    private let catalog: MetricCatalog
    private let planTags: [String]

    init(_ key: LocatedText, _ catalog: MetricCatalog, _ planTags: [String]) {
        cursor = TextCursor(key)
        self.catalog = catalog
        self.planTags = planTags
    }

    consuming func read() throws(ThresholdError) -> LocatedSelector {
        cursor.skipSpaces()
        var selector = LocatedSelector(MetricSelector(try metric()), at: cursor.source.span)
        cursor.skipSpaces()
        if cursor.isAtEnd { return selector }
        guard cursor.skip("{") else { throw syntaxError(at: cursor.rest, "unexpected '\(cursor.text(cursor.rest))'") }
        repeat {
            cursor.skipSpaces()
            let tag = try tag(of: selector.value)
            selector.tags.append(tag)
            selector.value.tags.set(Tag(tag.name, tag.value.value))
        } while cursor.skip(",")
        guard cursor.skip("}") else {
            throw syntaxError(
                at: cursor.rest,
                cursor.isAtEnd ? "'}' is missing" : "',' or '}' is missing before '\(cursor.text(cursor.rest))'")
        }
        cursor.skipSpaces()
        guard cursor.isAtEnd else { throw syntaxError(at: cursor.rest, "unexpected '\(cursor.text(cursor.rest))'") }
        return selector
    }

    private mutating func metric() throws(ThresholdError) -> MetricDefinition {
        let range = cursor.take { $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: " ") }
        guard !range.isEmpty else { throw syntaxError(at: cursor.rest, "the name of a metric is missing") }
        let name = cursor.text(range)
        if let definition = catalog[name: name] { return definition }
        // `checks[check=a]`, `ws_ping:p(95)`.
        if let end = range.first(where: { !cursor.bytes[$0].isNameByte }),
            catalog[name: cursor.text(range.lowerBound..<end)] != nil
        {
            let rest = end..<cursor.bytes.count
            throw syntaxError(at: rest, "unexpected '\(cursor.text(rest))'")
        }
        throw ThresholdError(
            .unknownMetric, "there is no metric '\(name)'", at: cursor.span(range), help: catalog.help(for: name))
    }

    private mutating func tag(of selector: MetricSelector) throws(ThresholdError) -> LocatedSelector.SelectedTag {
        let ends: [UInt8] = [UInt8(ascii: "="), UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: ":")]
        let range = trimmed(cursor.take { !ends.contains($0) })
        guard !range.isEmpty else { throw syntaxError(at: range, "the name of a tag is missing") }
        let name = cursor.text(range)
        guard cursor.skip("=") else {
            let place = cursor.offset..<min(cursor.offset + 1, cursor.bytes.count)
            guard cursor.skip(":") else { throw syntaxError(at: place, "'=' is missing") }
            let value = trimmed(cursor.take { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "}") })
            throw ThresholdError(
                .selectorSyntax, "a tag is written with '=', not ':'", at: cursor.span(place),
                help: "write \(name)=\(cursor.text(value).trimmingBlanks)")
        }
        let known = selector.metric.ownTags + MetricCatalog.commonTags + planTags
        guard known.contains(where: { $0.hasSameBytes(as: name) }) else {
            throw ThresholdError(
                .unknownTag, "samples of \(selector.metric.name) have no tag '\(name)'", at: cursor.span(range),
                help: suggestion(for: name, among: known).map { "did you mean '\($0)'?" }
                    ?? "their tags are " + known.joined(separator: ", "))
        }
        guard selector.tags[name] == nil else { throw syntaxError(at: range, "tag '\(name)' stands here twice") }
        cursor.skipSpaces()
        let value = cursor.next == UInt8(ascii: "\"") ? try quotedValue() : try bareValue()
        return LocatedSelector.SelectedTag(name: name, value: value)
    }

    private mutating func bareValue() throws(ThresholdError) -> Located<String> {
        let range = trimmed(cursor.take { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "}") })
        guard !range.isEmpty else {
            throw syntaxError(at: range, "the value of a tag is missing")
        }
        return Located(cursor.text(range), at: cursor.span(range))
    }

    private mutating func quotedValue() throws(ThresholdError) -> Located<String> {
        let start = cursor.offset
        var value: [UInt8] = []
        cursor.advance()
        while let byte = cursor.next, byte != UInt8(ascii: "\"") {
            cursor.advance()
            if byte == UInt8(ascii: "\\"), let escaped = cursor.next {
                guard escaped == UInt8(ascii: "\"") || escaped == byte else {
                    throw syntaxError(at: cursor.offset - 1..<cursor.offset + 1, "only \\\" and \\\\ are escapes")
                }
                cursor.advance()
                value.append(escaped)
            } else {
                value.append(byte)
            }
        }
        guard cursor.skip("\"") else { throw syntaxError(at: start..<cursor.offset, "the closing quote is missing") }
        let span = cursor.span(start..<cursor.offset)
        cursor.skipSpaces()
        return Located(String(decoding: value, as: UTF8.self), at: span)
    }

    /// A range without the spaces at its end.
    private func trimmed(_ range: Range<Int>) -> Range<Int> {
        var end = range.upperBound
        while end > range.lowerBound, cursor.bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
        return range.lowerBound..<end
    }

    private func syntaxError(at range: Range<Int>, _ problem: String) -> ThresholdError {
        ThresholdError(
            .selectorSyntax, problem, at: cursor.span(range),
            help: "a threshold is on a metric, or on a part of its samples: metric{tag=value, other_tag=\"a, b\"}")
    }
}

extension MetricCatalog {
    /// What to write instead of the name of a metric that there is not.
    fileprivate func help(for name: String) -> String {
        let names = definitions.map(\.name)
        if let meant = Self.foreignNames[name] ?? suggestion(for: name, among: names) {
            return "did you mean '\(meant)'?"
        }
        let kinds = MetricKind.allCases.map { kind in
            "\(kind.rawValue)s: "
                + definitions.filter { $0.kind == kind }.map(\.name).joined(separator: ", ")
        }
        return "the metrics are:\n" + kinds.joined(separator: "\n")
    }

    /// What metrics are called elsewhere.
    private static let foreignNames = [
        "http_req_connecting": "ws_connecting", "http_req_failed": "ws_session_failed", "http_reqs": "ws_sessions",
        "http_req_tls_handshaking": "ws_tls", "errors": "ws_errors", "connections": "ws_sessions",
        "sessions": "ws_sessions", "messages_sent": "ws_msgs_sent", "messages_received": "ws_msgs_received",
        "bytes_sent": "data_sent", "bytes_received": "data_received", "connect_time": "ws_connecting",
        "rtt": "ws_ping",
    ]
}
