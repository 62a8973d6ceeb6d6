import Glibc

/// Where the first occurrence of a run of bytes starts, in time linear in both.
func byteOffset(of needle: UnsafeRawBufferPointer, in bytes: UnsafeRawBufferPointer) -> Int? {
    guard let base = bytes.baseAddress, let needleBase = needle.baseAddress, !needle.isEmpty else {
        return needle.isEmpty ? 0 : nil
    }
    guard needle.count <= 32 else { return byteOffset(ofLong: needle, in: bytes) }
    var start = 0
    while start + needle.count <= bytes.count,
        let candidate = memchr(base + start, Int32(needle[0]), bytes.count - needle.count + 1 - start)
    {
        if memcmp(candidate, needleBase, needle.count) == 0 { return UnsafeRawPointer(candidate) - base }
        start = UnsafeRawPointer(candidate) - base + 1
    }
    return nil
}

/// Knuth, Morris and Pratt: after a mismatch the bytes that matched are not read again.
private func byteOffset(ofLong needle: UnsafeRawBufferPointer, in bytes: UnsafeRawBufferPointer) -> Int? {
    // The length of the longest proper prefix of the needle that ends where so many of its bytes end.
    var borders = [0, 0]
    var matched = 0
    for byte in needle.dropFirst() {
        while matched > 0, needle[matched] != byte { matched = borders[matched] }
        if needle[matched] == byte { matched += 1 }
        borders.append(matched)
    }
    matched = 0
    for (offset, byte) in bytes.enumerated() {
        while matched > 0, needle[matched] != byte { matched = borders[matched] }
        if needle[matched] == byte { matched += 1 }
        if matched == needle.count { return offset + 1 - matched }
    }
    return nil
}
