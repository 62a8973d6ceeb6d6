import JSON
import Testing

@Suite struct JSONLookupTests {
    @Test(
        arguments: [
            (#"{"a":{"b":[1,2]}}"#, ["a", "b", "0"], "1"),
            (#"{"a":{"b":[1,2]}}"#, ["a", "b", "1"], "2"),
            (#"{"a":{"b":[1,2]}}"#, ["a", "b", "2"], "missing 2 in beginArray"),
            (#"{"a":{"b":[1,2]}}"#, ["a", "b"], "[1,2]"),
            (#"{"a":{"b":[1,2]}}"#, ["a", "c"], "missing 1 in beginObject"),
            (#"{"a":{"b":[1,2]}}"#, ["b"], "missing 0 in beginObject"),
            (#" {"a": 1} "#, [], #"{"a": 1}"#),
            (#""text""#, [], #""text""#),
            (#""text""#, ["a"], "missing 0 in string"),
            (#"{"a":null}"#, ["a", "b"], "missing 1 in null"),
            (#"{"a":[1]}"#, ["a", "b"], "missing 1 in beginArray"),
            (#"{"a":{"0":1}}"#, ["a", "0"], "missing 1 in beginObject"),
            // The last of several members counts, whether or not it has the rest of the path.
            (#"{"a":1,"a":2}"#, ["a"], "2"),
            (#"{"a":{"b":1},"a":{}}"#, ["a", "b"], "missing 1 in beginObject"),
            (#"{"a":{},"a":{"b":1}}"#, ["a", "b"], "1"),
            (#"{"a":{"b":1},"a":3}"#, ["a", "b"], "missing 1 in number"),
            (#"{"a":[{"b":1}],"a":[{},{"b":2}]}"#, ["a", "0", "b"], "missing 2 in beginObject"),
            // Escaped keys are compared as what they mean.
            (#"{"\u0061\"":1}"#, [#"a""#], "1"),
            (#"{"\ud83d\ude00":1}"#, ["😀"], "1"),
            ("{\"e\u{301}\":1}", ["é"], "missing 0 in beginObject"),
            (#"{"ab":1,"a":2,"abc":3}"#, ["a"], "2"),
            (#"{"":{"":1}}"#, ["", ""], "1"),
            // Elements of arrays around or within the wanted one are not counted.
            (#"[[0,1],[[2],[3,4]],5]"#, ["1", "1", "0"], "3"),
            (#"[[0,1],[[2],[3,4]],5]"#, ["2"], "5"),
            (#"[{"a":[7]},{"a":[8,9]}]"#, ["1", "a", "1"], "9"),
            (#"[{"a":[7]},{"a":[8,9]}]"#, ["0", "a", "1"], "missing 2 in beginArray"),
            (#"{"x":{"a":1},"a":2}"#, ["a"], "2"),
            (#"{"a":{"x":{"b":1}},"b":2}"#, ["a", "b"], "missing 1 in beginObject"),
        ] as [(String, [String], String)])
    func finds(_ text: String, _ path: [String], _ expected: String) throws {
        var bytes = text
        let path = JSONPath(path.map(step))
        defer { path.deallocate() }
        let lookup = try bytes.withUTF8 { try JSONScanner.find(path, in: UnsafeRawBufferPointer($0)) }
        let found =
            switch lookup {
            case .found(let token): text.utf8Slice(token.range)
            case .missing(let step, let parent): "missing \(step) in \(parent)"
            }
        #expect(found == expected)
    }

    /// What follows the value in the document counts as much as what precedes it.
    @Test(arguments: [
        (#"{"a":1,}"#, 6), (#"{"a":1} x"#, 8), (#"{"b":[01],"a":1}"#, 6), (#"{"a":{"b":1"#, 11),
        (#"{"a":1,"b":"\q"}"#, 12),
    ])
    func refusesInvalidDocuments(_ text: String, _ offset: Int) {
        var bytes = text
        let path = JSONPath([.key("a")])
        defer { path.deallocate() }
        let fault = bytes.withUTF8 { utf8 in
            do throws(JSONError) {
                _ = try JSONScanner.find(path, in: UnsafeRawBufferPointer(utf8))
                return nil as JSONError?
            } catch { return error }
        }
        #expect(fault?.offset == offset)
    }

    /// Digits stand for an index; the one key of digits in the table above is looked up as one too, and is not found.
    private func step(_ text: String) -> JSONPathStep { Int(text).map { .index($0) } ?? .key(text) }
}
