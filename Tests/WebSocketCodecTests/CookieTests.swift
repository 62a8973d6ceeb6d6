import Testing
import WebSocketCodec

/// What is kept of `Set-Cookie`, and who gets it.
struct CookieTests {
    static let rows = TableRow.all(in: "set-cookies.txt", columns: 5)
    /// 2026-11-23T00:00:00Z
    static let now: Int64 = 1_795_392_000

    static func take(_ values: [String], into jar: inout CookieJar, from url: String) throws {
        jar.take(
            from: HTTPHeaders(values.map { HTTPHeaderField(name: "Set-Cookie", value: $0) }),
            of: try WebSocketURL(url), atUnixSeconds: now)
    }

    static func header(_ jar: CookieJar, for url: String, after seconds: Int64 = 0) throws -> String? {
        Cookie.headerValue(jar.cookies(for: try WebSocketURL(url), atUnixSeconds: now + seconds))
    }

    @Test(arguments: rows)
    func goesWhereTheTableSays(_ row: TableRow) throws {
        var jar = CookieJar()
        // One by one, as answers bring them, and all in one answer.
        for value in row.columns[2].split(separator: "&&", omittingEmptySubsequences: false) {
            try Self.take([String(value)], into: &jar, from: row.columns[1])
        }
        #expect(try Self.header(jar, for: row.columns[3]) ?? "-" == row.columns[4])
    }

    @Test func tableHasNoRowTwice() {
        #expect(Self.rows.count > 70)
        TableRow.expectNoTwins(Self.rows, file: "set-cookies.txt")
    }

    @Test func cookiesEnd() throws {
        var jar = CookieJar()
        try Self.take(["a=1; Max-Age=60", "b=2"], into: &jar, from: "ws://h/")
        #expect(try Self.header(jar, for: "ws://h/", after: 59) == "a=1; b=2")
        #expect(try Self.header(jar, for: "ws://h/", after: 60) == "b=2")
    }

    @Test func cookiesOfThePlanComeFirst() {
        let own = [Cookie(name: "a", value: "plan")]
        let kept = [Cookie(name: "b", value: "1"), Cookie(name: "a", value: "server")]
        #expect(Cookie.headerValue(own, keeping: kept) == "a=plan; b=1")
        #expect(Cookie.headerValue([], keeping: []) == nil)
    }

    /// Who listens in on `ws` can neither replace nor end what was set over `wss`.
    @Test(arguments: ["a=2", "a=; Max-Age=0"])
    func whatIsSecureStaysAsItIs(_ value: String) throws {
        var jar = CookieJar()
        try Self.take(["a=1; Secure"], into: &jar, from: "wss://h/")
        try Self.take([value], into: &jar, from: "ws://h/")
        #expect(try Self.header(jar, for: "wss://h/") == "a=1")
    }

    /// A header that the plan has written says the same with others behind it.
    @Test(arguments: [
        ("a=plan", "a=plan; b=1"), ("a = plan;c; =d", "a = plan;c; =d; b=1"), ("token", "token; b=1; a=server"),
        ("b=2; a=", "b=2; a="), ("", "b=1; a=server"),
    ])
    func aWrittenHeaderStaysAsItIs(_ written: String, _ value: String) {
        let kept = [Cookie(name: "b", value: "1"), Cookie(name: "a", value: "server")]
        #expect(Cookie.headerValue(written: written, keeping: kept) == value)
        #expect(Cookie.headerValue(written: written, keeping: []) == written)
    }

    /// A server that sets cookies without end costs a client so much and no more.
    @Test func theJarIsBounded() throws {
        var jar = CookieJar()
        for index in 0..<10_000 { try Self.take(["n\(index)=1"], into: &jar, from: "ws://h/") }
        #expect(jar.count == CookieJar.maximumCount)
        #expect(try Self.header(jar, for: "ws://h/")?.hasSuffix("; n9999=1") == true)

        let large = String(repeating: "x", count: CookieJar.maximumCookieSize - 6)
        for index in 0..<20 { try Self.take(["m\(10_000 + index)=\(large)"], into: &jar, from: "ws://h/") }
        #expect(jar.count == 4)
        try Self.take(["toolarge=\(large)"], into: &jar, from: "ws://h/")
        #expect(jar.count == 4)
    }

    @Test(arguments: [
        ("", true), ("1", true), ("a-b_c.d/e", true), ("\"1\"", true), ("\"\"", true), ("a=b", true), ("1 2", false),
        ("1,2", false), ("1;2", false), ("\\", false), ("\"", false), ("a\"b", false), ("é", false), ("a\tb", false),
        ("a\r\nb", false), ("a\u{0}b", false),
    ])
    func valuesAreJudgedByTheirCharacters(_ text: String, _ isValue: Bool) {
        #expect(Cookie.isValue(text) == isValue)
    }
}
