import CLibYAML

/// One step of a YAML document, as libyaml sees it. Offsets are bytes of the file.
struct YAMLEvent {
    enum Content {
        case streamStart
        case streamEnd
        case documentStart
        case documentEnd
        case alias(String)
        case scalar(text: [UInt8], style: PlanNode.Scalar.Style)
        case sequenceStart(isFlow: Bool)
        case sequenceEnd
        case mappingStart(isFlow: Bool)
        case mappingEnd
    }

    var content: Content
    var anchor: String?
    var tag: String?
    /// From the node's first property (anchor, tag) on; the end of a block collection's start is its start.
    var range: Range<Int>
}

/// Where libyaml gave up, in its own words, which are not for people.
struct YAMLFault: Error {
    var problem: String
    var offset: Int
    /// What it was reading, and since where.
    var context: String
    var contextOffset: Int
}

/// Pulls events out of libyaml's parser. The one place with its pointers.
final class YAMLEvents {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>
    private let offsets: CharacterOffsets

    /// `bytes` are UTF-8 without a byte order mark; `base` is where they start in the file.
    init(_ bytes: ArraySlice<UInt8>, base: Int) {
        input = .allocate(capacity: bytes.count)
        _ = input.initialize(from: bytes)
        offsets = CharacterOffsets(of: bytes, base: base)
        parser = .allocate(capacity: 1)
        guard yaml_parser_initialize(parser) != 0 else { preconditionFailure("out of memory for a YAML parser") }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    /// The next event. Must not be called again after the end of the stream or an error.
    func next() throws(YAMLFault) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) != 0 else { throw fault() }
        defer { yaml_event_delete(&event) }
        let start = offsets.byteOffset(ofCharacter: event.start_mark.index)
        let end = max(start, offsets.byteOffset(ofCharacter: event.end_mark.index))
        var translated = YAMLEvent(content: .streamEnd, range: start..<end)
        switch event.type {
        case YAML_STREAM_START_EVENT: translated.content = .streamStart
        case YAML_DOCUMENT_START_EVENT: translated.content = .documentStart
        case YAML_DOCUMENT_END_EVENT: translated.content = .documentEnd
        case YAML_ALIAS_EVENT: translated.content = .alias(text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            translated.anchor = text(scalar.anchor)
            translated.tag = text(scalar.tag)
            translated.content = .scalar(
                text: Array(UnsafeBufferPointer(start: scalar.value, count: scalar.length)), style: style(scalar.style))
        case YAML_SEQUENCE_START_EVENT:
            let sequence = event.data.sequence_start
            translated.anchor = text(sequence.anchor)
            translated.tag = text(sequence.tag)
            translated.content = .sequenceStart(isFlow: sequence.style == YAML_FLOW_SEQUENCE_STYLE)
        case YAML_SEQUENCE_END_EVENT: translated.content = .sequenceEnd
        case YAML_MAPPING_START_EVENT:
            let mapping = event.data.mapping_start
            translated.anchor = text(mapping.anchor)
            translated.tag = text(mapping.tag)
            translated.content = .mappingStart(isFlow: mapping.style == YAML_FLOW_MAPPING_STYLE)
        case YAML_MAPPING_END_EVENT: translated.content = .mappingEnd
        default: break
        }
        return translated
    }

    private func fault() -> YAMLFault {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "out of memory"
        let context = parser.pointee.context.map { String(cString: $0) } ?? ""
        return YAMLFault(
            problem: problem, offset: offsets.byteOffset(ofCharacter: parser.pointee.problem_mark.index),
            context: context,
            contextOffset: offsets.byteOffset(ofCharacter: parser.pointee.context_mark.index))
    }

    private func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    private func style(_ style: yaml_scalar_style_t) -> PlanNode.Scalar.Style {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
    }
}

/// Translates libyaml's marks, which count characters, into byte offsets.
private struct CharacterOffsets {
    /// The byte offset of every 64th character; empty for text that is ASCII throughout.
    private var checkpoints: [Int] = []
    private let bytes: ArraySlice<UInt8>
    private let base: Int
    private static let stride = 64

    init(of bytes: ArraySlice<UInt8>, base: Int) {
        self.bytes = bytes
        self.base = base
        guard bytes.contains(where: { $0 >= 0x80 }) else { return }
        var characters = 0
        for index in bytes.indices where bytes[index] & 0b1100_0000 != 0b1000_0000 {
            if characters % Self.stride == 0 { checkpoints.append(index) }
            characters += 1
        }
    }

    func byteOffset(ofCharacter character: Int) -> Int {
        guard !checkpoints.isEmpty else { return base + min(character, bytes.count) }
        let checkpoint = character / Self.stride
        guard checkpoint < checkpoints.count else { return base + bytes.count }
        var index = checkpoints[checkpoint]
        var remaining = character % Self.stride
        while remaining > 0, index < bytes.endIndex {
            index += 1
            while index < bytes.endIndex, bytes[index] & 0b1100_0000 == 0b1000_0000 { index += 1 }
            remaining -= 1
        }
        return base + index - bytes.startIndex
    }
}
