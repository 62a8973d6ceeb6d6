import Testing
import WebSocketCodec

/// Addresses of this machine to connect from, and others to connect to.
struct AddressTests {
    @Test(arguments: [
        ("10.0.0.5", ["10.0.0.5"]), ("10.0.0.5/32", ["10.0.0.5"]), ("10.0.0.4/31", ["10.0.0.4", "10.0.0.5"]),
        ("10.0.0.4/30", ["10.0.0.5", "10.0.0.6"]), ("::1", ["::1"]), ("FD00:0::8/127", ["fd00::8", "fd00::9"]),
        ("fd00::8/126", ["fd00::8", "fd00::9", "fd00::a", "fd00::b"]),
    ])
    func aRangeIsItsAddresses(_ text: String, _ addresses: [String]) throws {
        let range = try AddressRange(text)
        #expect((0..<range.count).map { range[$0].description } == addresses)
    }

    @Test func theLargestRangeIsThatLarge() throws {
        let four = try AddressRange("127.1.0.0/16")
        #expect(four.count == 65_534 && four[0].description == "127.1.0.1")
        #expect(four[65_533].description == "127.1.255.254")
        let six = try AddressRange("fd00::/112")
        #expect(six.count == AddressRange.maximumCount && six[65_535].description == "fd00::ffff")
    }

    @Test(arguments: [
        ("", "'' is no IP address"), ("localhost", "'localhost' is no IP address"),
        ("10.0.0.256", "'10.0.0.256' is no IP address"), ("10.0.0", "'10.0.0' is no IP address"),
        ("127.0.0.1\0", "'127.0.0.1\0' is no IP address"),
        ("[::1]", "'[::1]' is no IP address"), ("fe80::1%eth0", "'fe80::1%eth0' is no IP address"),
        ("10.0.0.0/", "'' is no length of a network's prefix"),
        ("10.0.0.0/33", "'33' is no length of a network's prefix"),
        ("10.0.0.0/-1", "'-1' is no length of a network's prefix"),
        ("10.0.0.0/24/1", "'24/1' is no length of a network's prefix"),
        ("fd00::/129", "'129' is no length of a network's prefix"),
        ("10.0.0.0/99999999999999999999", "'99999999999999999999' is no length of a network's prefix"),
        ("10.0.0.0/15", "a network of more than 65536 addresses"),
        ("::/0", "a network of more than 65536 addresses"),
        ("10.0.0.1/24", "'10.0.0.1' is an address within the network, not its first one"),
    ])
    func otherTextIsNone(_ text: String, _ reason: String) {
        let error = #expect(throws: AddressSyntaxError.self) { try AddressRange(text) }
        #expect(error?.reason == reason)
    }

    @Test func overridesAreFoundByHostAndPort() throws {
        var overrides = AddressOverrides()
        try overrides.add("Example.com", [.init("127.0.0.1")])
        try overrides.add("example.com:443", [.init("127.0.0.2:8443"), .init("[::1]:8443")])
        try overrides.add("[::2]:80", [.init("::1")])
        try overrides.add("0:0::3", [.init("127.0.0.3")])
        func found(_ host: String, _ port: UInt16) -> [String] {
            overrides.endpoints(of: host, port: port).map { "\($0.address) \($0.port ?? 0)" }
        }
        #expect(found("example.com", 80) == ["127.0.0.1 0"])
        #expect(found("EXAMPLE.com", 443) == ["127.0.0.2 8443", "::1 8443"])
        #expect(found("::2", 80) == ["::1 0"] && found("0::2", 80) == ["::1 0"] && found("::2", 81) == [])
        #expect(found("::3", 1) == ["127.0.0.3 0"])
        #expect(found("www.example.com", 80) == [])
    }

    @Test(arguments: [
        ("", "127.0.0.1"), ("a b", "127.0.0.1"), ("a:x", "127.0.0.1"), ("a/b", "127.0.0.1"), ("u@a", "127.0.0.1"),
        ("a:0", "127.0.0.1"), ("ws://a", "127.0.0.1"), ("a", ""), ("a", "b"), ("a", "127.0.0.1:"),
        ("a", "127.0.0.1:0"), ("a", "[::1"), ("a", "127.0.0.1/"), ("a", "127.0.0.1\0"),
        ("127.0.0.1\0", "::1"), ("EXAMPLE.com", "127.0.0.1"),
    ])
    func otherOverridesAreNone(_ key: String, _ endpoint: String) throws {
        var overrides = AddressOverrides()
        try overrides.add("example.com", [.init("127.0.0.1")])
        #expect(throws: AddressSyntaxError.self) { try overrides.add(key, [try .init(endpoint)]) }
    }
}
