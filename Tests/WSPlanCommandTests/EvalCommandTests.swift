import TestSupport
import Testing

extension EndToEnd {
    /// `wsplan eval`: what it prints, and how it ends.
    @Suite struct Eval {
        @Test(arguments: [
            (["1 + 2"], "3"),
            (["{'a': [1, 2u, 1.5, null, true], 2: b'\\x00\\xff'}"], #"{"a":[1,2,1.5,null,true],"2":"AP8="}"#),
            (["[0.0 / 0.0, 1.0 / 0.0, -1.0 / 0.0, 1e21, 0.1, 2.0]"], #"["NaN","Infinity","-Infinity",1e+21,0.1,2]"#),
            (["'é\"\\n'"], #""é\"\n""#),
            (["--", "-1 - 2"], "-3"),
            (["n * size(list) + vu.id", "--var", "n=20", "--var", "list=[1, 2]"], "41"),
            (
                ["[i, d, s, o.a]", "--var", "i=1", "--var=d=1.0", "--var", #"s="a=b""#, "--var", #"o={"a": null}"#],
                #"[1,1,"a=b",null]"#
            ),
            (["message.json.id == 7 && message.size == 8", "--message", #"{"id":7}"#], "true"),
            (["message.text", "--message", "--typed"], #""--typed""#),
            (["[message.binary, message.text]", "--message", ""], #"[false,""]"#),
            (["1 == 'a'"], "false"),
            (["extract('id=42', '=(.*)')"], #""42""#),
        ])
        func printsTheValueAsJSON(_ arguments: [String], _ value: String) async throws {
            let result = try await ProcessRunner(BuiltProducts.wsplan, ["eval"] + arguments).run()
            #expect(result.output == value + "\n", "\(result.transcript)")
            #expect(result.exitCode == 0, "\(result.transcript)")
        }

        @Test(arguments: [
            ("null", #"{"type":"null","value":"null"}"#), ("true", #"{"type":"bool","value":"true"}"#),
            ("1", #"{"type":"int","value":"1"}"#),
            ("18446744073709551615u", #"{"type":"uint","value":"18446744073709551615"}"#),
            ("1.0", #"{"type":"double","value":"1"}"#),
            ("0.1 + 0.2", #"{"type":"double","value":"0.30000000000000004"}"#),
            ("0.0 / 0.0", #"{"type":"double","value":"NaN"}"#), ("1 / 0.0", #"{"type":"double","value":"Infinity"}"#),
            ("-1 / 0.0", #"{"type":"double","value":"-Infinity"}"#), ("-0.0", #"{"type":"double","value":"-0"}"#),
            ("'1'", #"{"type":"string","value":"1"}"#), (#"b'\x00\xff'"#, #"{"type":"bytes","value":"AP8="}"#),
            ("[]", #"{"type":"list","value":[]}"#), ("{}", #"{"type":"map","value":[]}"#),
            (
                "[1, ['a']]",
                #"{"type":"list","value":[{"type":"int","value":"1"},{"type":"list","value":[{"type":"string","value":"a"}]}]}"#
            ),
            (
                "{1: 'a', true: {}}",
                #"{"type":"map","value":[[{"type":"int","value":"1"},{"type":"string","value":"a"}],[{"type":"bool","value":"true"},{"type":"map","value":[]}]]}"#
            ),
        ])
        func printsTheTypeOfEachValue(_ expression: String, _ value: String) async throws {
            let result = try await EndToEnd.wsplan("eval", "--typed", "--", expression).run()
            #expect(result.output == value + "\n", "\(result.transcript)")
            #expect(result.exitCode == 0, "\(result.transcript)")
        }

        /// Also where that is known before, as nothing in it varies.
        @Test(arguments: [
            ("1 / 0", "1 / 0", "division by zero", "^~~~~"),
            ("n / (n - n)", "n / (n - n)", "division by zero", "^~~~~~~~~~~"),
            ("[1, 2][n + 5]", "[1, 2][n + 5]", "index 8 is out of range: the list has 2 elements", "^~~~~~~~~~~~~"),
            ("message.json.a", "message.json.a", #"no such key: "a""#, "^~~~~~~~~~~~~~"),
            (
                "size(message.json) + int('x')", "size(message.json) + int('x')", #"cannot make an int of "x""#,
                "                     ^~~~~~~~"
            ),
            (
                "'a'.matches('(' + string(n))", "'a'.matches('(' + string(n))",
                #""(3" is no regular expression: '(' has no closing ')'"#, "^~~~~~~~~~~~~~~~~~~~~~~~~~~~"
            ),
        ])
        func whatHasNoValueIs1(_ expression: String, _ shown: String, _ reason: String, _ mark: String) async throws {
            let result = try await EndToEnd.wsplan("eval", expression, "--var", "n=3", "--message", "{}").run()
            #expect(result.exitCode == 1, "\(result.transcript)")
            #expect(result.output.isEmpty)
            let column = mark.prefix { $0 == " " }.count + 1
            #expect(
                result.error == "<expression>:1:\(column): error: \(reason)\n 1 | \(shown)\n   | \(mark)\n",
                "\(result.transcript)")
        }

        @Test(arguments: [
            (["1 +"], "<expression>:1:3: error: a value is missing after '+' [WSP201]"),
            (["'a' + 1"], "<expression>:1:5: error: '+' does not take a string and an int [WSP208]"),
            (["nope"], "<expression>:1:1: error: nothing is called 'nope' here [WSP203]"),
            (["message.text"], "<expression>:1:1: error: there is no 'message' at this place [WSP204]"),
            (
                ["'a'.matches('a(b')"],
                "<expression>:1:15: error: this is no regular expression: '(' has no closing ')' [WSP213]"
            ),
            (["${1}"], "<expression>:1:1: error: this is an expression already, it stands here without ${…} [WSP202]"),
            ([""], "<expression>:1:1: error: an expression is missing here [WSP201]"),
            (["1", "--var", "n"], "it is written name=JSON"),
            (["1", "--var", "n=x"], "the value is no JSON"),
            (["1", "--var", "2n=1"], "a name is letters, digits and '_'"),
            (["1", "--var", "message=1"], "the name 'message' is reserved"),
            (["1", "--var", "n=1", "--var", "n=2"], "--var n is given twice"),
            ([], "Missing expected argument '<expression>'"),
        ])
        func whatIsWrongIs2(_ arguments: [String], _ words: String) async throws {
            let result = try await ProcessRunner(BuiltProducts.wsplan, ["eval"] + arguments).run()
            #expect(result.exitCode == 2, "\(result.transcript)")
            #expect(result.output.isEmpty)
            #expect(result.error.contains(words), "\(result.transcript)")
        }

        @Test func whatNobodyReadsIs3() async throws {
            let result = try await ProcessRunner(
                "/bin/sh", ["-c", "exec \(BuiltProducts.wsplan) eval 1 >/dev/full"]
            ).run()
            #expect(result.exitCode == 3, "\(result.transcript)")
            #expect(result.error == "wsplan: cannot write the value: No space left on device\n")
        }
    }
}
