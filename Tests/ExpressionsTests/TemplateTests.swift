import Diagnostics
import Expressions
import Testing

@Suite struct TemplateTests {
    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("$5 and 40$", "$5 and 40$"), ("a ${n} b", "a 3 b"), ("${n}${n}", "33"),
        ("$${n}", "${n}"), ("$$${n}", "$${n}"), ("$${${n}}", "${3}"), ("${ {'a': '}'}.a }", "}"),
        ("${'it\\'s } ' + name}!", "it's } Ada!"), ("${r'\\'}|", "\\|"), ("${x} ${x * 2}", "2.5 5"),
        ("${items} ${user}", "[1,2,3] {\"id\":42,\"name\":\"Ada\",\"tags\":[\"a\",\"b\"]}"),
        ("${yes} ${nothing} ${u}", "true null 7"), ("${\"\"\"a\"}\"b\"\"\"}", "a\"}\"b"), ("é${name}é", "éAdaé"),
        ("${1e21} ${1e-7} ${0.1}", "1e+21 1e-07 0.1"),
    ])
    func render(_ text: String, _ expected: String) throws {
        var findings: [Diagnostic] = []
        let template = try #require(Self.template(text, &findings), "\(findings)")
        #expect(try Self.render(template) == expected)
    }

    @Test(arguments: [
        ("${n}", "3"), ("${items}", "[1, 2, 3]"), ("${raw}", "b\"00 ff\""), ("${nothing}", "null"), ("n${n}", "\"n3\""),
        ("${n} ", "\"3 \""), ("$${n}", "\"${n}\""), ("3", "\"3\""), ("", "\"\""),
    ])
    func onlyOneSingleExpressionKeepsItsType(_ text: String, _ expected: String) throws {
        var findings: [Diagnostic] = []
        let template = try #require(Self.template(text, &findings))
        var context = TestWorld.context()
        #expect(try template.evaluate(in: &context).typed == expected)
    }

    @Test(arguments: [
        ("a ${n", 2, 4, "'${' has no closing '}'"), ("${}", 0, 3, "an expression is missing between '${' and '}'"),
        ("${n +} ${1 1}", 4, 5, "a value is missing after '+'"), ("x${'a}", 3, 4, "the string has no closing quote"),
        ("a ${nope}", 4, 8, "nothing is called 'nope' here"),
        ("${b'x'} y", 2, 6, "bytes cannot stand within a text"),
        ("${${n}}", 2, 4, "this is an expression already, it stands here without ${…}"),
    ])
    func mistakesAreMarked(_ text: String, _ start: UInt32, _ end: UInt32, _ words: String) {
        var findings: [Diagnostic] = []
        #expect(Self.template(text, &findings) == nil)
        #expect(findings.first?.message.text == words)
        #expect(findings.first?.span == SourceSpan(start: start, end: end))
    }

    @Test func allMistakesAreFound() {
        var findings: [Diagnostic] = []
        #expect(ParsedTemplate.parse(TestWorld.located("${1 +} ${n} ${)}"), into: &findings) == nil)
        #expect(findings.count == 2)
    }

    @Test func bytesWithinATextAreAnError() throws {
        var findings: [Diagnostic] = []
        let template = try #require(Self.template("x ${raw}", &findings))
        #expect(throws: EvaluationError.self) { try Self.render(template) }
    }

    @Test func whatDoesNotVaryIsRenderedOnce() throws {
        var findings: [Diagnostic] = []
        #expect(try #require(Self.template("a ${1 + 1} $${b}", &findings)).constant == Array("a 2 ${b}".utf8))
        #expect(try #require(Self.template("a ${n}", &findings)).constant == nil)
        #expect(try #require(Self.template("${random()}", &findings)).constant == nil)
        #expect(try #require(Self.template("${pick([1])}", &findings)).constant == nil)
    }

    @Test func formsAreTold() throws {
        var findings: [Diagnostic] = []
        let parsed = try #require(
            ParsedTemplate.parse(
                TestWorld.located("${env.HOST}/${items.filter(i, i > n)[0]}/${base64.encode(name)}"), into: &findings))
        #expect(parsed.references.map(\.root) == ["env", "items", "n", "name"])
        #expect(parsed.references.map(\.field) == ["HOST", nil, nil, nil])
        #expect(parsed.literal == nil && parsed.single == nil)
        #expect(ParsedTemplate.parse(TestWorld.located("a $${b}"), into: &findings)?.literal == "a ${b}")
        #expect(ParsedTemplate.parse(TestWorld.located(""), into: &findings)?.literal == "")
        #expect(ParsedTemplate.parse(TestWorld.located("${n}"), into: &findings)?.single?.source.text == "n")
    }

    @Test(arguments: [
        ("${name}", "{\"v\":\"Ada\"}"), ("${n}", "{\"v\":3}"),
        ("${items}", "{\"v\":[1,2,3]}"), ("40", "{\"v\":\"40\"}"),
        ("a\"${'\"\\n\\\\'}", "{\"v\":\"a\\\"\\\"\\n\\\\\"}"),
        ("${n}-${items}", "{\"v\":\"3-[1,2,3]\"}"), ("", "{\"v\":\"\"}"),
        ("${x}", "{\"v\":2.5}"), ("é ${nothing}", "{\"v\":\"é null\"}"),
    ])
    func assembleJSON(_ text: String, _ expected: String) throws {
        var findings: [Diagnostic] = []
        var builder = TemplateBuilder(source: TestWorld.located(text))
        builder.appendLiteral("{\"v\":".utf8)
        builder.append(try #require(Self.template(text, &findings)), as: .jsonValue)
        builder.appendLiteral("}".utf8)
        #expect(try Self.render(builder.build()) == expected)
    }

    /// What stands in the output before, such as all the messages of one turn, is neither copied nor moved.
    @Test func jsonIsWrittenWhereItBelongs() throws {
        var findings: [Diagnostic] = []
        var builder = TemplateBuilder(source: TestWorld.located("${user}"))
        for text in ["${n}", "${user}", "${name}"] {
            builder.append(try #require(Self.template(text, &findings)), as: .jsonValue)
        }
        let template = builder.build()
        var context = TestWorld.context()
        var output: [UInt8] = []
        output.reserveCapacity(1 << 16)
        let place = output.withUnsafeBytes { $0.baseAddress }
        for _ in 0..<100 { try template.render(into: &output, in: &context) }
        #expect(output.withUnsafeBytes { $0.baseAddress } == place)
    }

    static func template(_ text: String, _ findings: inout [Diagnostic]) -> Template? {
        ParsedTemplate.parse(TestWorld.located(text), into: &findings)?.check(in: TestWorld.scope, into: &findings)
    }

    static func render(_ template: Template) throws -> String {
        var context = TestWorld.context()
        var output: [UInt8] = []
        try template.render(into: &output, in: &context)
        return String(decoding: output, as: UTF8.self)
    }
}
