import DataTables
import Expressions
import JSON
import Testing

@Suite struct DataTableTests {
    /// The rows as one line of JSON each, or the faults.
    private func read(_ text: String, as format: DataTable.Format) -> [String] { read(Array(text.utf8), as: format) }

    private func read(_ bytes: [UInt8], as format: DataTable.Format) -> [String] {
        do throws(DataFaults) {
            let table = try DataTable.read(bytes, as: format)
            return (0..<table.rowCount).map { index in
                var writer = JSONWriter()
                return table.row(index).write(to: &writer) ? writer.text : "?"
            }
        } catch {
            return error.faults.map { "\($0.line):\($0.column): \($0.reason)" }
        }
    }

    // MARK: CSV

    @Test(arguments: [
        ("a,b\n1,2\n3,4\n", [#"{"a":"1","b":"2"}"#, #"{"a":"3","b":"4"}"#]),
        ("a,b\r\n1,2\r\n3,4", [#"{"a":"1","b":"2"}"#, #"{"a":"3","b":"4"}"#]),
        ("\u{FEFF}a\n1\n", [#"{"a":"1"}"#]),
        ("\u{FEFF}\"a\"\n1\n", [#"{"a":"1"}"#]),
        ("a,b\n\"x,y\",\"\"\n", [#"{"a":"x,y","b":""}"#]),
        ("a,b\n\"one\r\ntwo\",3\n", [#"{"a":"one\r\ntwo","b":"3"}"#]),
        ("a\n\"say \"\"hi\"\"\"\n\"\"\"\"\n", [#"{"a":"say \"hi\""}"#, #"{"a":"\""}"#]),
        ("\"a,b\", c\n1, 2 \n", [#"{"a,b":"1"," c":" 2 "}"#]),
        ("é,\u{1F600}\nü,\u{1F601}\n", ["{\"é\":\"ü\",\"\u{1F600}\":\"\u{1F601}\"}"]),
        ("a,b\n,\n", [#"{"a":"","b":""}"#]),
        ("a\n1\n\n\r\n", [#"{"a":"1"}"#]),
        ("a\n1\n\n2\n", [#"{"a":"1"}"#, #"{"a":""}"#, #"{"a":"2"}"#]),
    ])
    func readsCSV(_ text: String, _ rows: [String]) { #expect(read(text, as: .csv) == rows) }

    @Test(arguments: [
        ("", ["1:1: the file is empty"]),
        ("\u{FEFF}", ["1:1: the file is empty"]),
        ("a,b\n", ["2:1: there is no row below the names"]),
        ("a,b\n\n\n", ["2:1: there is no row below the names"]),
        ("a,,b\n1,2,3\n", ["1:3: the name of a column is missing"]),
        ("a,b,a\n1,2,3\n", ["1:5: the column 'a' is there twice"]),
        (
            "a,b\n1,2\n3\n\n4,5,6\n",
            [
                "3:1: the row has 1 cell, and the first line names 2 columns",
                "4:1: the line is empty, and the first line names 2 columns",
                "5:1: the row has 3 cells, and the first line names 2 columns",
            ]
        ),
        ("a,b\n\"1\n2\",3\n4\n", ["4:1: the row has 1 cell, and the first line names 2 columns"]),
        ("a,b\n1,\"2\n3,4\n", ["2:3: the quotes of this cell are not closed"]),
        (
            "a,b\n1,x\"y\n",
            ["2:4: a quote within a cell: put the whole cell in quotes, and write \"\" for each in it"]
        ),
        (
            "a,b\n\"1\" ,2\n",
            ["2:4: there is text behind the closing quote of a cell; a quote within a cell is written \"\""]
        ),
        ("a\r1\r", ["1:2: a carriage return without a line feed ends no line"]),
        ("a\n1\u{0}\n", ["2:2: a NUL byte cannot stand in a text"]),
        (
            "a,b\n" + String(repeating: "1\n", count: 9),
            (2...6).map { "\($0):1: the row has 1 cell, and the first line names 2 columns" }
        ),
        ((0...1_000).map(String.init).joined(separator: ","), ["1:3891: there are more than 1000 columns"]),
    ])
    func namesThePlaceOfWhatIsNoCSV(_ text: String, _ faults: [String]) { #expect(read(text, as: .csv) == faults) }

    @Test func csvIsUTF8() {
        #expect(
            read(Array("a\nb".utf8) + [0xE9, 0x0A], as: .csv) == ["2:2: this is not UTF-8: save the file as UTF-8"])
        #expect(read([0xFF, 0xFE, 0x61, 0], as: .csv) == ["1:1: this is not UTF-8: save the file as UTF-8"])
    }

    // MARK: JSON

    @Test(arguments: [
        (#"[{"a": 1, "b": [true, null]}, {"b": {"c": "x"}, "a": 1.5}]"#, DataTable.Format.json),
        ("\u{FEFF}[{\"a\":1,\"b\":[true,null]},\n{\"b\":{\"c\":\"x\"},\"a\":1.5}]\n", .json),
        ("{\"a\":1,\"b\":[true,null]}\n{\"b\":{\"c\":\"x\"},\"a\":1.5}", .jsonLines),
        ("\u{FEFF}{\"a\":1,\"b\":[true,null]}\r\n\n  \n{\"b\":{\"c\":\"x\"},\"a\":1.5}\n", .jsonLines),
    ])
    func readsJSON(_ text: String, _ format: DataTable.Format) {
        #expect(read(text, as: format) == [#"{"a":1,"b":[true,null]}"#, #"{"b":{"c":"x"},"a":1.5}"#])
    }

    @Test(arguments: [
        ("", ["1:1: there is no JSON value"]),
        ("[]", ["1:1: there is no row in the file"]),
        ("{\"a\": 1}", ["1:1: an array of objects should stand here; one object a line is a file *.jsonl"]),
        (
            "[{\"a\": 1},\n 2, [{}],\n {\"b\": 1, \"b\": 2}]",
            ["2:2: row 2 is no object", "2:5: row 2 is no object", "3:11: the row has 'b' twice"]
        ),
        ("[{\"a\": 1},\n {\"a\": }]", ["2:8: unexpected '}' where a JSON value should stand"]),
        ("[{\"a\": 1}]\n[]", ["2:1: unexpected text after the JSON value"]),
        ("[{\"a\": \"\\ud800\"}]", ["1:9: half of a surrogate pair stands alone"]),
        ("[{\"a\": 1}", ["1:10: the JSON ends too early"]),
    ])
    func namesThePlaceOfWhatIsNoArrayOfRows(_ text: String, _ faults: [String]) {
        #expect(read(text, as: .json) == faults)
    }

    @Test(arguments: [
        ("\n\n", ["1:1: there is no row in the file"]),
        (
            "{\"a\": 1}\n[1]\n{\"a\": 1,\n{\"a\": 2} {}\n",
            [
                "2:1: row 2 is no object", "3:9: the JSON ends too early", "4:10: unexpected text after the JSON value",
            ]
        ),
    ])
    func namesThePlaceOfWhatIsNoRow(_ text: String, _ faults: [String]) {
        #expect(read(text, as: .jsonLines) == faults)
    }

    @Test func knowsWhichRowLacksWhat() throws {
        let text = """
            {"id": 1, "name": "a", "x": 1}
            {"name": "b", "id": 2}
            {"id": 3, "late": 1}
            {"id": 4, "late": 2, "x": 1}
            """
        let columns = try DataTable.read(Array(text.utf8), as: .jsonLines).columns
        #expect(columns.names == ["id", "name", "x", "late"])
        #expect(
            columns.gaps == [
                "x": .init(row: 2, line: 2), "name": .init(row: 3, line: 3), "late": .init(row: 1, line: 1),
            ])
        #expect(try DataTable.read(Array("a,b\n1,2\n".utf8), as: .csv).columns.gaps.isEmpty)
    }

    @Test func knowsAFormatByItsEnding() {
        let names = ["users.csv", "a/b.CSV", "x.json", "x.jsonl", "x.ndjson", "x.txt", "csv", "x.csv.gz"]
        #expect(
            names.map { DataTable.Format(ofFile: $0) }
                == [.csv, .csv, .json, .jsonLines, .jsonLines, nil, nil, nil])
    }
}
