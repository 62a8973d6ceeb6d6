import Expressions

/// What the benchmarks work on: the same at each run, and at one place until the program ends.
enum Samples {
    /// How many there are of each, a power of two: the one with the number `index & last` is next.
    static let count = 16
    static let last = count - 1

    /// Texts of ASCII.
    static func texts(ofBytes byteCount: Int) -> [UnsafeRawBufferPointer] {
        (0..<count).map { number in
            memory((0..<byteCount).map { UInt8(ascii: "a") + UInt8(($0 / 8 + number) % 26) })
        }
    }

    /// Texts with code points of one to four bytes, most of them in runs, as words of one language have them.
    static func mixedTexts(ofBytes byteCount: Int) -> [UnsafeRawBufferPointer] {
        let words = ["the price of the day ", "größer als üblich ", "цена дня ", "本日の価格 ", "📈📉 "]
        return (0..<count).map { number in
            var text = ""
            var next = number
            while text.utf8.count + words[next % words.count].utf8.count <= byteCount {
                text += words[next % words.count]
                next += 1
            }
            text += String(repeating: ".", count: byteCount - text.utf8.count)
            return memory(text.utf8)
        }
    }

    /// Objects with a `type`, 64 bytes each.
    static func ticks() -> [UnsafeRawBufferPointer] {
        (0..<count).map { number in
            memory(#"{"symbol":"EURUSD","type":"tick","price":1.085\#(10 + number),"number":17022}"#.utf8)
        }
    }

    /// Objects of 1 KiB: quotes, and beside them `head.number`.
    static func quotes() -> [UnsafeRawBufferPointer] {
        var random = RandomSeed(7).stream
        return (0..<count).map { number in
            var text = #"{"type":"quotes","head":{"source":"replay","number":\#(number)},"rows":["#
            let symbols = ["EURUSD", "GBPUSD", "USDJPY", "AUDCAD"]
            for row in 0..<15 {
                let price = "1.\(10_000 + random.next(below: 90_000))"
                text += #"\#(row > 0 ? "," : ""){"symbol":"\#(symbols[Int(random.next(below: 4))])","side":"buy","#
                text += #""price":\#(price),"id":\#(100_000 + random.next(below: 900_000))}"#
            }
            text += #"],"pad":""#
            text += String(repeating: "x", count: 1022 - text.utf8.count) + #""}"#
            return memory(text.utf8)
        }
    }

    /// Bytes in memory of their own.
    static func memory(_ bytes: some Collection<UInt8>) -> UnsafeRawBufferPointer {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 8)
        memory.copyBytes(from: bytes)
        return UnsafeRawBufferPointer(memory)
    }
}
