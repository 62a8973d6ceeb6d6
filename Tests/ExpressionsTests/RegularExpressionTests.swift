import Expressions
import Testing

/// Limits of regular expressions that take more than a line to show.
@Suite struct RegularExpressionTests {
    /// Half a million bytes in which every start fails at once, and one in which each fails late: the first is searched to its
    /// end, the second is given up, and neither takes long.
    @Test func searchingTakesStepsInProportionToTheText() {
        let message = MessageFact.owned([UInt8](repeating: UInt8(ascii: "7"), count: 500_000), binary: false)
        #expect(TestWorld.outcome(of: "message.text.matches('8|9$')", message: message) == "false")
        #expect(
            TestWorld.outcome(of: "message.text.matches('7+8|9')", message: message)
                == "error: the regular expression takes too many steps on this text")
    }

    /// The steps of all searches of one evaluation count, those of different ones do not.
    @Test func theStepsAreThoseOfAnEvaluation() {
        let search = "(name + range(n * 300).map(i, '7').join()).matches('[7-9]+8|9')"
        #expect(TestWorld.outcome(of: search) == "false")
        #expect(TestWorld.outcome(of: search) == "false")
        #expect(
            TestWorld.outcome(of: "range(n * 10).all(i, !\(search))")
                == "error: the regular expression takes too many steps on this text")
    }

    @Test func aMessageThatIsNotUTF8IsNoText() {
        let message = MessageFact.owned([0x61, 0xFF], binary: false)
        #expect(
            TestWorld.outcome(of: "message.text.matches('a')", message: message)
                == "error: message.text cannot be read: the bytes are not valid UTF-8")
    }

    /// More patterns than the cache of those that become known late has room for, and the first of them again.
    @Test func manyPatternsCanBecomeKnownLate() {
        #expect(TestWorld.outcome(of: "range(600).all(i, string(i + n).matches('^' + string(i + n) + '$'))") == "true")
        #expect(TestWorld.outcome(of: "'3'.matches('^' + string(n) + '$')") == "true")
    }

    @Test func aPatternMayBeTooLong() {
        #expect(
            TestWorld.outcome(of: "name.matches(range(n * 10000).map(i, 'a').join())").hasSuffix(
                "is no regular expression: it has 30000 bytes; 16384 are allowed"))
    }
}
