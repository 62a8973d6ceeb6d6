import JSON
import Testing

@Suite struct JSONScannerTests {
    @Test(arguments: [
        "0", "-0", "12", "-1.5", "1e5", "1E+5", "1.25e-10", "123456789012345678901234567890", " 1 ", "\n\t\r 1\n",
        "true", "false", "null", #""""#, #""a""#, #""\"\\\/\b\f\n\r\t""#, #""\u0000\u00e9\uD83D\uDE00""#,
        "\"\u{7F}é€😀\"",
        "[]", "[ ]", "{}", "{ }", "[1, 2]", "[[[]]]", #"{"a":1}"#, #"{"":{"":[{}]}}"#, #"{"a":1,"a":2}"#,
        #"[1 , {"a" : [ ] }]"#,
        #""\ud800""#, #""\udc00\ud800x""#,
    ])
    func accepts(_ text: String) {
        #expect(scanningError(in: text) == nil)
    }

    @Test(arguments: [
        ("", "there is no JSON value", 0),
        (" \n", "there is no JSON value", 2),
        ("[", "the JSON ends too early", 1),
        ("[1", "the JSON ends too early", 2),
        ("[1,", "the JSON ends too early", 3),
        ("{", "the JSON ends too early", 1),
        (#"{"a""#, "the JSON ends too early", 4),
        (#"{"a":"#, "the JSON ends too early", 5),
        (#"{"a":1,"#, "the JSON ends too early", 7),
        ("[1,]", "JSON has no comma after the last element", 2),
        (#"{"a":1 , }"#, "JSON has no comma after the last element", 7),
        ("[,1]", "unexpected ',' where a JSON value should stand", 1),
        ("[1 2]", "',' or ']' is missing", 3),
        ("[1,}", "unexpected '}' where a JSON value should stand", 3),
        (#"[{"a":1},"b":2]"#, "',' or ']' is missing", 12),
        (#"{"a":1]"#, "',' or '}' is missing", 6),
        ("{,}", "a key in double quotes should stand here", 1),
        (#"{"a":1,2}"#, "a key in double quotes should stand here", 7),
        (#"{"a":[1],2}"#, "a key in double quotes should stand here", 9),
        (#"{"a":1,]"#, "a key in double quotes should stand here", 7),
        (#"{"a":1 "b":2}"#, "',' or '}' is missing", 7),
        (#"{"a" 1}"#, "':' is missing after the key", 5),
        ("{a:1}", "a key in double quotes should stand here", 1),
        ("{1:1}", "a key in double quotes should stand here", 1),
        ("{'a':1}", "JSON strings stand in double quotes", 1),
        ("['a']", "JSON strings stand in double quotes", 1),
        ("// x\n1", "JSON has no comments", 0),
        ("[1 /* x */]", "JSON has no comments", 3),
        ("1 # x", "JSON has no comments", 2),
        ("1 2", "unexpected text after the JSON value", 2),
        ("{}}", "unexpected text after the JSON value", 2),
        ("[1}", "',' or ']' is missing", 2),
        ("]", "unexpected ']' where a JSON value should stand", 0),
        ("True", "unknown word: JSON has only true, false and null", 0),
        ("nul", "unknown word: JSON has only true, false and null", 0),
        ("nulls", "unknown word: JSON has only true, false and null", 0),
        ("NaN", "unknown word: JSON has only true, false and null", 0),
        ("-Infinity", "malformed number", 1),
        ("01", "a JSON number does not start with a superfluous zero", 0),
        ("-012", "a JSON number does not start with a superfluous zero", 1),
        ("+1", "malformed number", 0),
        (".5", "malformed number", 0),
        ("1.", "malformed number", 2),
        ("1.e5", "malformed number", 2),
        ("1e", "malformed number", 2),
        ("1e+", "malformed number", 3),
        ("-", "malformed number", 1),
        ("0x10", "malformed number", 1),
        ("1.2.3", "malformed number", 3),
        ("1_000", "malformed number", 1),
        (#""abc"#, "the string has no closing quote", 0),
        (#""abc\"#, "the string has no closing quote", 0),
        ("\"a\nb\"", "a line break in a string has to be written as an escape", 2),
        ("\"a\tb\"", "a tab in a string has to be written as an escape", 2),
        ("\"\u{0}\"", "byte 0x00 in a string has to be written as an escape", 1),
        (#""\x41""#, "unknown escape in a string", 1),
        (#""\u12g4""#, "unknown escape in a string", 1),
        (#""\u12"#, "unknown escape in a string", 1),
        ("\u{FEFF}1", "unexpected byte order mark", 0),
        ("\u{A0}1", "unexpected byte 0xC2 where a JSON value should stand", 0),
    ])
    func rejects(_ text: String, _ reason: String, _ offset: Int) {
        let fault = scanningError(in: text)
        #expect(fault?.reason.description == reason)
        #expect(fault?.offset == offset)
    }

    @Test(
        arguments: [
            [0x80], [0xC0, 0xAF], [0xC3], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80], [0xE2, 0x82],
            [0xF0, 0x80, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF],
        ] as [[UInt8]])
    func rejectsBytesThatAreNotUTF8(_ sequence: [UInt8]) {
        let bytes = [0x22, 0x61] + sequence + [0x22]
        #expect(bytes.withUnsafeBytes { scanningError(in: $0) } == JSONError(.invalidUTF8, at: 2))
    }

    @Test func boundsTheDepth() {
        let deepest = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
        #expect(scanningError(in: deepest) == nil)
        #expect(scanningError(in: "[" + deepest + "]") == JSONError(.tooDeep, at: 512))
        #expect(scanningError(in: String(repeating: #"{"a":"#, count: 600)) == JSONError(.tooDeep, at: 5 * 512))
    }

    @Test func rejectsLoneSurrogatesWhereAsked() {
        for text in [#""a\ud83d""#, #""a\ude00\ud83d""#, #""a\ud83d\u0041""#] {
            var bytes = text
            #expect(throws: JSONError(.loneSurrogate, at: 2)) {
                try bytes.withUTF8 { try JSONScanner.validate(UnsafeRawBufferPointer($0), loneSurrogates: .rejected) }
            }
        }
    }

    @Test func pullsTokens() throws {
        let text = #" {"a\n": [1, -2.5, "x", true, false, null], "b": {}} "#
        let listing = try tokens(of: text).map { "\($0.kind) \(text.utf8Slice($0.range))" }
        #expect(
            listing == [
                "beginObject {", #"key "a\n""#, "beginArray [", "number 1", "number -2.5", #"string "x""#, "true true",
                "false false", "null null", "endArray ]", #"key "b""#, "beginObject {", "endObject }", "endObject }",
            ])
    }

    @Test func skipsTheRestOfAValue() throws {
        let text = #"[[1,[2],{"a":[]}],3]"#
        try withScanner(text) { scanner in
            _ = try scanner.next()
            let inner = try #require(try scanner.next())
            #expect(text.utf8Slice(try scanner.skip(restOf: inner).range) == #"[1,[2],{"a":[]}]"#)
            let number = try #require(try scanner.next())
            #expect(try scanner.skip(restOf: number) == number)
            #expect(scanner.number(number) == .int(3))
            #expect(try scanner.next()?.kind == .endArray)
            #expect(try scanner.next() == nil)
        }
    }

    /// Wherever a byte stands in a string, and however much of the document is behind it.
    @Test(arguments: [0x00, 0x1F, 0x20, 0x21, 0x22, 0x23, 0x5B, 0x5C, 0x5D, 0x7E, 0x7F, 0x80, 0xC3, 0xFF] as [UInt8])
    func everyByteOfAStringIsLookedAt(_ byte: UInt8) {
        let isPlain = byte >= 0x20 && byte < 0x80 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
        for length in 1...20 {
            for place in 1...length {
                var document = [UInt8](repeating: UInt8(ascii: "a"), count: length + 2)
                document[0] = UInt8(ascii: "\"")
                document[place] = byte
                document[length + 1] = UInt8(ascii: "\"")
                let isValid = document.withUnsafeBytes { (try? JSONScanner.validate($0)) != nil }
                #expect(isValid == isPlain, "\(byte) at \(place) of \(length)")
            }
        }
    }

    @Test(arguments: [
        (#""""#, ""), (#""plain é""#, "plain é"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
        (#""\u0041\u00e9\u20AC""#, "Aé€"), (#""a\ud83d\ude00b""#, "a😀b"), (#""\ud83d""#, "\u{FFFD}"),
        (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"), (#""\ude00x""#, "\u{FFFD}x"), (#""\ud83d\u0041""#, "\u{FFFD}A"),
    ])
    func decodesStrings(_ text: String, _ value: String) throws {
        try withScanner(text) { scanner in
            let token = try #require(try scanner.next())
            #expect(Array(scanner.string(token).utf8) == Array(value.utf8))
            func isEqual(to bytes: [UInt8]) -> Bool { bytes.withUnsafeBytes { scanner.string(token, equals: $0) } }
            #expect(isEqual(to: Array(value.utf8)))
            #expect(!isEqual(to: Array((value + "x").utf8)))
            #expect(value.isEmpty || !isEqual(to: Array(value.utf8.dropLast())))
        }
    }

    @Test(arguments: [
        ("0", JSONNumber.int(0)), ("-0", .int(0)), ("42", .int(42)), ("9223372036854775807", .int(.max)),
        ("-9223372036854775808", .int(.min)), ("9223372036854775808", .double(9_223_372_036_854_775_808)),
        ("-9223372036854775809", .double(-9_223_372_036_854_775_808)), ("1.0", .double(1)), ("-0.0", .double(-0.0)),
        ("1e2", .double(100)), ("0.1", .double(0.1)), ("2.2250738585072014e-308", .double(.leastNormalMagnitude)),
        ("9007199254740993.0", .double(9_007_199_254_740_992)), ("1e400", .double(.infinity)), ("1e-400", .double(0)),
    ])
    func readsNumbers(_ text: String, _ value: JSONNumber) throws {
        try withScanner(text) { scanner in
            let token = try #require(try scanner.next())
            #expect(scanner.number(token) == value)
        }
    }

    /// Whatever is cut or overwritten, the scanner accepts it or says where it fails.
    @Test func survivesDamage() {
        let bytes = Array(#"{"a\u00e9\ud83d\ude00": [1.5e-3, true, {"b": null}], "é": "x\n"}"#.utf8)
        for length in 0..<bytes.count {
            let fault = bytes[..<length].withUnsafeBytes { scanningError(in: $0) }
            #expect(fault.map { (0...length).contains($0.offset) } == true, "cut at \(length)")
        }
        for index in bytes.indices {
            for byte in UInt8.min...UInt8.max {
                var damaged = bytes
                damaged[index] = byte
                let fault = damaged.withUnsafeBytes { scanningError(in: $0) }
                #expect(fault == nil || (0...bytes.count).contains(fault?.offset ?? -1))
            }
        }
    }
}

/// The error that scanning the whole text gives, if any.
func scanningError(in text: String) -> JSONError? {
    var text = text
    return text.withUTF8 { scanningError(in: UnsafeRawBufferPointer($0)) }
}

func scanningError(in bytes: UnsafeRawBufferPointer) -> JSONError? {
    do throws(JSONError) {
        try JSONScanner.validate(bytes)
        return nil
    } catch { return error }
}

func withScanner(_ text: String, _ body: (inout JSONScanner) throws -> Void) throws {
    var text = text
    try text.withUTF8 { utf8 in
        var scanner = JSONScanner(UnsafeRawBufferPointer(utf8))
        try body(&scanner)
    }
}

private func tokens(of text: String) throws -> [JSONToken] {
    var tokens: [JSONToken] = []
    try withScanner(text) { scanner in
        while let token = try scanner.next() { tokens.append(token) }
    }
    return tokens
}

extension String {
    func utf8Slice(_ range: Range<Int>) -> String { String(decoding: Array(utf8)[range], as: UTF8.self) }
}
