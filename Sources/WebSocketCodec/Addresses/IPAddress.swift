import Glibc

/// An IPv4 or IPv6 address as a number.
package struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    package enum Family: Hashable, Sendable {
        case v4
        case v6

        /// How many bits an address has.
        var bitCount: Int { self == .v4 ? 32 : 128 }
    }

    package let family: Family
    /// The bits of the address, the first one being the highest.
    package let value: UInt128

    package init(_ family: Family, _ value: UInt128) {
        self.family = family
        self.value = value
    }

    /// `127.0.0.1` or `::1`, without brackets and zone; nil for anything else.
    package init?(_ text: String) {
        // For C the text would end there.
        guard !text.utf8.contains(0) else { return nil }
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(.v4, UInt128(UInt32(bigEndian: four.s_addr)))
            return
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        self.init(.v6, withUnsafeBytes(of: six) { $0.reduce(0) { $0 << 8 | UInt128($1) } })
    }

    /// The bytes of the address in the order of the network: 4 or 16.
    package var bytes: [UInt8] {
        stride(from: family.bitCount - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> UInt128($0)) }
    }

    /// RFC 5952
    package var description: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
            let result = bytes.withUnsafeBytes {
                inet_ntop(
                    family == .v4 ? AF_INET : AF_INET6, $0.baseAddress, buffer.baseAddress, socklen_t(buffer.count))
            }
            precondition(result != nil, "an address without a text")
            return String(cString: buffer.baseAddress!)
        }
    }
}
