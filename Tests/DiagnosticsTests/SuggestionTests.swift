import Diagnostics
import Testing

@Suite struct SuggestionTests {
    private let verbs = ["send", "ping", "pong", "close", "every", "after", "on_message", "vus"]

    @Test(arguments: [
        ("sned", "send"), ("Send", "send"), ("on_mesage", "on_message"), ("onmessage", "on_message"), ("clos", "close"),
        ("closee", "close"), ("vu", "vus"), ("pang", "ping"), ("x", nil), ("", nil), ("duration", nil),
        ("receive", nil),
    ])
    func proposesTheNearestName(_ typed: String, _ expected: String?) {
        #expect(suggestion(for: typed, among: verbs) == expected)
    }
}
