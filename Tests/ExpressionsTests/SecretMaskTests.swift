import Diagnostics
import Expressions
import Testing

@Suite struct SecretMaskTests {
    @Test(arguments: [
        ("a hunter22 b", "a *** b"),
        ("hunter22hunter22", "******"),
        ("hunter2", "hunter2"),
        ("hex 68756e7465723232 68 75 6e 74 65 72 32 32", "hex *** ***"),
        ("HEX 68756E7465723232", "HEX ***"),
        ("aHVudGVyMjI= aHVudGVyMjI", "*** ***"),
        ("it was \"… hunt\" …", "it was \"… ***\" …"),
        ("it was hunt… (12 more)", "it was ***… (12 more)"),
        ("hun …", "hun …"),
        ("pa\"ss\\wo/rd", "***"),
        (#"{"t":"pa\"ss\\wo/rd"}"#, #"{"t":"***"}"#),
        (#""{\"t\":\"pa\\\"ss\\\\wo/rd\"}""#, #""{\"t\":\"***\"}""#),
        ("pa%22ss%5Cwo%2Frd pa%22ss%5cwo%2frd", "*** ***"),
        ("one\ntwo one\\ntwo", "*** ***"),
        ("\u{1B}[31m \\u{1B}[31m", "*** ***"),
    ])
    func replacesAllForms(_ text: String, _ expected: String) {
        #expect(SecretMask(["hunter22", "pa\"ss\\wo/rd", "one\ntwo", "\u{1B}[31m", ""]).masked(text) == expected)
    }

    @Test func theLongerOfTwoSecretsComesFirst() {
        #expect(SecretMask(["abcd", "abcdefgh"]).masked("abcdefgh abcde") == "*** ***e")
    }

    @Test func ofAShortSecretOnlyPlainTextIsMasked() {
        #expect(SecretMask(["a"]).masked("61 a YQ==") == "61 *** YQ==")
    }

    @Test func noSecretsMaskNothing() {
        #expect(SecretMask([""]).isEmpty)
        #expect(SecretMask.none.masked("*** …") == "*** …")
    }

    @Test func aCutEndMayBeTheBeginningOfASecret() {
        let mask = SecretMask(["hunter22"])
        #expect(mask.masked(Array("a hunter".utf8), isCut: true) == Array("a ***".utf8))
        #expect(mask.masked(Array("a hunter".utf8)) == Array("a hunter".utf8))
    }

    @Test func explanationsAreMaskedBeforeTheyAreCut() throws {
        let secret = String(repeating: "s\"3cret", count: 90)
        var findings: [Diagnostic] = []
        let scope = Scope(facts: [.env], environment: ["TOKEN"])
        let text = "'x' + env.TOKEN == '' || bytes(env.TOKEN) == b'' || {'k': env.TOKEN} == {}"
        let expression = try #require(
            TestWorld.parse(text, into: &findings)?.check(in: scope, into: &findings))
        let context = EvaluationContext(
            run: RunFacts(environment: [.string(secret)], secrets: SecretMask([secret])))
        let values = expression.explain(in: context).map(\.value)
        #expect(
            values == [
                "false", "\"x***\"", "\"***\"", "false", "630 bytes: *** …", "false", "{\"k\":\"***\"}",
            ])
    }
}
