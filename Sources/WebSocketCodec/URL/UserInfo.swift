import Digests

/// A name and a password as they stand before the `@` of a URL, percent-encoded.
struct UserInfo: Hashable {
    let text: String

    private var decoded: [UInt8] { percentDecoded(Array(text.utf8)[...]) }

    /// The value of an `Authorization` or `Proxy-Authorization` header (RFC 7617 §2): name and password have a colon between
    /// them, even where there is no password.
    var basicAuthorization: String {
        "Basic " + Base64.encode(text.utf8.contains(UInt8(ascii: ":")) ? decoded : decoded + [UInt8(ascii: ":")])
    }

    /// What nobody else should read of it: the password, as written and as meant, and what both are sent as. Of a password
    /// of less than four letters every report would be full.
    var secrets: [String] {
        guard let colon = text.firstIndex(of: ":") else { return [] }
        let password = text[text.index(after: colon)...]
        guard password.utf8.count > 3 else { return [] }
        let meant = String(decoding: percentDecoded(Array(password.utf8)[...]), as: UTF8.self)
        return [String(password), meant, Base64.encode(decoded)]
    }
}
