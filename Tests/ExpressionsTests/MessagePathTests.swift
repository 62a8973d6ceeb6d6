import Diagnostics
import Expressions
import Testing

/// Scanning for a path gives what reaching into the whole tree gives, values and errors alike.
@Suite struct MessagePathTests {
    static let documents = [
        #"{"a":{"b":[10,{"c":"x"}]},"d":null}"#, #"{"a":{"b":[]}}"#, #"{"a":[[1,2],[3,4]]}"#, #"[{"a":1},{"a":2}]"#,
        #"{"a":1,"a":{"b":[7]}}"#, #"{"a":{"b":[7]},"a":1}"#, #"{"\u0061":{"b":[1.0,-0,1e3,12345678901234567890]}}"#,
        #""a""#, "3", "null", #" { "a" : { "b" : [ true , false ] } } "#, #"{"a":{"b":{"0":"zero"}}}"#, "{}", "[]",
        #"{"a":{"b":"é\n\ud83d\ude00"}}"#, #"{"x":{"a":{"b":[9]}},"b":[8]}"#, "{", "",
        #"{"a":{"b":[1]}"#, #"{"a":tru}"#,
    ]
    static let paths = [
        "", ".a", ".a.b", ".a.b[0]", ".a.b[1]", ".a.b[1].c", "[0]",
        "[0].a", ".a[1][0]", ".d", "['a']['b']", ".a.b['0']",
    ]

    @Test(arguments: documents)
    func scanningEqualsTheTree(_ document: String) {
        let message = MessageFact.owned(Array(document.utf8), binary: false)
        for path in Self.paths {
            let scanned = TestWorld.outcome(of: "message.json\(path)", message: message)
            let tree = TestWorld.outcome(of: "from_json(message.text)\(path)", message: message)
            #expect(Self.withoutPlace(scanned) == Self.withoutPlace(tree), "\(path) of \(document)")
        }
    }

    @Test(arguments: documents)
    func comparingInPlaceEqualsComparingValues(_ document: String) {
        let message = MessageFact.owned(Array(document.utf8), binary: false)
        for path in Self.paths {
            for text in ["'x'", "'a'", "'zero'", "'é\\n😀'"] {
                let inPlace = TestWorld.outcome(of: "message.json\(path) == \(text)", message: message)
                let value = TestWorld.outcome(of: "dyn(from_json(message.text)\(path)) == \(text)", message: message)
                #expect(Self.withoutPlace(inPlace) == Self.withoutPlace(value), "\(path) of \(document)")
            }
        }
    }

    @Test(arguments: documents)
    func testingTextInPlaceEqualsTestingValues(_ document: String) {
        let message = MessageFact.owned(Array(document.utf8), binary: false)
        for path in Self.paths {
            for test in ["startsWith('x')", "endsWith('ro')", "contains('\\n')", "matches('^(x|a)$')"] {
                let inPlace = TestWorld.outcome(of: "message.json\(path).\(test)", message: message)
                let value = TestWorld.outcome(of: "dyn(from_json(message.text)\(path)).\(test)", message: message)
                #expect(Self.withoutPlace(inPlace) == Self.withoutPlace(value), "\(path).\(test) of \(document)")
            }
        }
    }

    @Test func aBorrowedMessageReadsAsAnOwnedOne() {
        let bytes = Array(Self.documents[0].utf8)
        bytes.withUnsafeBytes { buffer in
            let borrowed = MessageFact.borrowed(buffer, binary: false)
            #expect(TestWorld.outcome(of: "message.json.a.b[1].c", message: borrowed) == "\"x\"")
            #expect(TestWorld.outcome(of: "message.text.contains('null')", message: borrowed) == "true")
        }
    }

    /// The tree counts the elements of a list, the scan does not; and they call it differently what they could not do.
    private static func withoutPlace(_ outcome: String) -> String {
        var outcome = outcome.replacing("the JSON cannot", with: "message.json cannot")
        if let colon = outcome.range(of: ": the list has") { outcome = String(outcome[..<colon.lowerBound]) }
        return outcome.contains("does not take") ? "error: wrong type" : outcome
    }
}
