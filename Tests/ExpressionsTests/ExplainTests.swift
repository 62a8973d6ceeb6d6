import Diagnostics
import Expressions
import Testing

@Suite struct ExplainTests {
    @Test(arguments: [
        ("n == 4", "n: 3"),
        ("user.id > 50 && name != 'Ada'", "user.id: 42 | name: \"Ada\""),
        ("size(items) > 5 || n > 5", "size(items): 3 | items: [1,2,3] | n: 3"),
        ("n > 4 || n < 2", "n: 3"),
        (
            "message.json.type == 'order' && message.json.id in items",
            "message.json.type: \"ack\" | message.json.id: 7 | items: [1,2,3]"
        ),
        ("has(message.json.price)", "message.json: {\"type\":\"ack\",\"id\":7}"),
        ("message.text.startsWith('x')", "message.text: \"{\\\"type\\\":\\\"ack\\\",\\\"id\\\":7}\""),
        ("items.all(i, i > n)", "items: [1,2,3]"),
        ("random() > n && counter('c') > n", "n: 3"),
        ("items[n - 3] == 2", "items[n - 3]: 1 | n: 3"),
        ("message.json.nope == 1", "message.json.nope: no value: no such key: \"nope\""),
        ("raw == b''", "raw: 2 bytes: 00 ff"),
        ("(yes ? user : {}).name == 'Bo'", "(yes ? user : {}).name: \"Ada\""),
    ])
    func showsTheValuesOfTheParts(_ text: String, _ expected: String) throws {
        var findings: [Diagnostic] = []
        let expression = try #require(
            TestWorld.parse(text, into: &findings)?.check(in: TestWorld.scope, into: &findings))
        let context = TestWorld.context(message: .owned(Array("{\"type\":\"ack\",\"id\":7}".utf8), binary: false))
        let parts = expression.explain(in: context)
        #expect(parts.map { "\($0.source): \($0.value)" }.joined(separator: " | ") == expected)
        for part in parts {
            #expect(Array(text.utf8)[part.span.range].elementsEqual(part.source.utf8))
        }
    }
}
