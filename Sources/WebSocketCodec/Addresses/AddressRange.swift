/// Consecutive addresses of one family: a single one, or those of a network (`10.0.0.0/24`, RFC 4632 §3.1).
package struct AddressRange: Hashable, Sendable {
    /// So many addresses a range may have.
    package static let maximumCount = 65_536

    package let first: IPAddress
    package let count: Int

    /// `10.0.0.5`, `10.0.0.0/24`, `fd00::/120`. What has a network's own address and its broadcast address leaves them out,
    /// because no host has them: the first and the last one of an IPv4 network of four addresses or more.
    package init(_ text: String) throws(AddressSyntaxError) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let address = IPAddress(parts[0]) else {
            throw AddressSyntaxError("'\(parts[0])' is no IP address", help: "for example 10.0.0.5 or 10.0.0.0/24")
        }
        guard parts.count == 2 else {
            first = address
            count = 1
            return
        }
        let bitCount = address.family.bitCount
        guard parts[1].utf8.allSatisfy(\.isASCIIDigit), let length = Int(parts[1]), length <= bitCount else {
            throw AddressSyntaxError(
                "'\(parts[1])' is no length of a network's prefix",
                help: "behind the '/' stands a number from 0 to \(bitCount)")
        }
        let shift = UInt128(bitCount - length)
        guard shift <= 16 else {
            throw AddressSyntaxError(
                "a network of more than \(Self.maximumCount) addresses",
                help: "write a prefix of \(bitCount - 16) bits or more")
        }
        let network = IPAddress(address.family, (address.value >> shift) << shift)
        guard network == address else {
            throw AddressSyntaxError(
                "'\(address)' is an address within the network, not its first one", help: "write \(network)/\(length)")
        }
        let size = 1 << Int(shift)
        let leavesOut = address.family == .v4 && size >= 4
        first = leavesOut ? IPAddress(address.family, address.value + 1) : address
        count = leavesOut ? size - 2 : size
    }

    package subscript(index: Int) -> IPAddress {
        precondition((0..<count).contains(index), "an address outside of its range")
        return IPAddress(first.family, first.value + UInt128(index))
    }
}
