import JSON
import Testing

@Suite struct JSONWriterTests {
    @Test func writesCompactly() {
        var writer = JSONWriter()
        writeSample(with: &writer)
        #expect(
            writer.text
                == #"{"name":"a\"\\\n\u0001é😀","list":[1,-2.5,true,null,[],{}],"nested":{"x":{"y":"z"}},"raw":[1]}"#)
        #expect(fault(in: writer.text) == nil)
    }

    @Test func writesIndented() {
        var writer = JSONWriter(indentation: 2)
        writeSample(with: &writer)
        #expect(
            writer.text == #"""
                {
                  "name": "a\"\\\n\u0001é😀",
                  "list": [
                    1,
                    -2.5,
                    true,
                    null,
                    [],
                    {}
                  ],
                  "nested": {
                    "x": {
                      "y": "z"
                    }
                  },
                  "raw": [1]
                }
                """#)
    }

    @Test func appendsToBytes() {
        var writer = JSONWriter(appendingTo: Array("x=".utf8))
        writer.int(5)
        #expect(writer.bytes == Array("x=5".utf8))
    }

    @Test(
        arguments: [
            (0, "0"), (-0.0, "-0"), (1, "1"), (1.5, "1.5"), (0.1, "0.1"), (1e16, "1e+16"), (1e21, "1e+21"),
            (1e-7, "1e-07"),
            (123456789, "123456789"), (.greatestFiniteMagnitude, "1.7976931348623157e+308"), (5e-324, "5e-324"),
        ] as [(Double, String)])
    func writesTheShortestDigits(_ value: Double, _ digits: String) throws {
        #expect(JSONWriter.shortestForm(of: value) == digits)
        #expect(Double(digits) == value)
        #expect(fault(in: digits) == nil)
    }

    @Test func escapesAllThatMustBe() throws {
        let text = String(
            String.UnicodeScalarView((0...0x7F).compactMap(Unicode.Scalar.init(_:) as (UInt8) -> Unicode.Scalar)))
        var writer = JSONWriter()
        writer.string(text)
        try withScanner(writer.text) { scanner in
            #expect(scanner.string(try #require(try scanner.next())) == text)
            #expect(try scanner.next() == nil)
        }
    }

    private func writeSample(with writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("name")
        writer.string("a\"\\\n\u{1}é😀")
        writer.key("list")
        writer.beginArray()
        writer.int(1)
        writer.double(-2.5)
        writer.bool(true)
        writer.null()
        writer.beginArray()
        writer.endArray()
        writer.beginObject()
        writer.endObject()
        writer.endArray()
        writer.key("nested")
        writer.beginObject()
        writer.key("x")
        writer.beginObject()
        writer.key("y")
        writer.string("z")
        writer.endObject()
        writer.endObject()
        writer.key("raw")
        writer.raw("[1]")
        writer.endObject()
    }
}
