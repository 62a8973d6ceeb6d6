import Testing
import WebSocketCodec

@Suite struct WebSocketURLTests {
    struct Parts: Equatable {
        var scheme: WebSocketURL.Scheme
        var host: String
        var port: UInt16
        var target: String
        var hostHeader: String
        var userInfo: String?
        var socketPath: String?

        init(
            _ scheme: WebSocketURL.Scheme, _ host: String, _ port: UInt16, _ target: String, _ hostHeader: String,
            userInfo: String? = nil, socketPath: String? = nil
        ) {
            self.scheme = scheme
            self.host = host
            self.port = port
            self.target = target
            self.hostHeader = hostHeader
            self.userInfo = userInfo
            self.socketPath = socketPath
        }

        init(_ url: WebSocketURL) {
            self.init(
                url.scheme, url.host, url.port, url.target, url.hostHeader, userInfo: url.userInfo,
                socketPath: url.socketPath)
        }
    }

    @Test(arguments: [
        ("ws://example.com", Parts(.ws, "example.com", 80, "/", "example.com")),
        ("ws://example.com/", Parts(.ws, "example.com", 80, "/", "example.com")),
        ("WSS://Example.com/Chat", Parts(.wss, "Example.com", 443, "/Chat", "Example.com")),
        ("ws://127.0.0.1:9001/a/b?c=d&e=[f]", Parts(.ws, "127.0.0.1", 9001, "/a/b?c=d&e=[f]", "127.0.0.1:9001")),
        ("ws://h:80/", Parts(.ws, "h", 80, "/", "h")),
        ("wss://h:80/", Parts(.wss, "h", 80, "/", "h:80")),
        ("wss://h:443", Parts(.wss, "h", 443, "/", "h")),
        ("ws://h:/x", Parts(.ws, "h", 80, "/x", "h")),
        ("ws://h?q", Parts(.ws, "h", 80, "/?q", "h")),
        ("ws://h/?a=http://x@y:1/z", Parts(.ws, "h", 80, "/?a=http://x@y:1/z", "h")),
        ("ws://my_host-1.local:65535", Parts(.ws, "my_host-1.local", 65535, "/", "my_host-1.local:65535")),
        ("ws://[::1]", Parts(.ws, "::1", 80, "/", "[::1]")),
        ("wss://[2001:db8::7]:8443/x", Parts(.wss, "2001:db8::7", 8443, "/x", "[2001:db8::7]:8443")),
        ("ws://u:p%40@h/%7Bx%7D", Parts(.ws, "h", 80, "/%7Bx%7D", "h", userInfo: "u:p%40")),
        ("ws+unix:/run/app.sock", Parts(.wsUnix, "", 0, "/", "localhost", socketPath: "/run/app.sock")),
        ("ws+unix:///run/app.sock", Parts(.wsUnix, "", 0, "/", "localhost", socketPath: "/run/app.sock")),
        (
            "ws+unix:/run/a%20b.sock:/chat?x=a:b",
            Parts(.wsUnix, "", 0, "/chat?x=a:b", "localhost", socketPath: "/run/a b.sock")
        ),
        ("ws+unix:/run/app.sock:", Parts(.wsUnix, "", 0, "/", "localhost", socketPath: "/run/app.sock")),
    ])
    func isTakenApart(_ text: String, _ parts: Parts) throws {
        #expect(Parts(try WebSocketURL(text)) == parts)
    }

    /// The offending part stands between `«` and `»`.
    @Test(arguments: [
        ("«»", "the address is empty; for example ws://127.0.0.1:9001/"),
        ("«example»", "the address has no scheme; did you mean 'ws://example'?"),
        ("«example.com/x»", "the address has no scheme; did you mean 'ws://example.com/x'?"),
        ("«localhost:9001/x»", "the address has no scheme; did you mean 'ws://localhost:9001/x'?"),
        ("«//example.com»", "the address has no scheme; did you mean 'ws://example.com'?"),
        ("«[::1]:80»", "the address has no scheme; did you mean 'ws://[::1]:80'?"),
        ("«ws//h»", "the address has no scheme; did you mean 'ws://h'?"),
        ("«wss//h»", "the address has no scheme; did you mean 'wss://h'?"),
        ("«“»ws://h/x”", "'“' in the address; leave the quotes out: ws://h/x"),
        ("«'»ws://h/'", "'\'' in the address; leave the quotes out: ws://h/"),
        ("«<»ws://h/>", "'<' in the address; leave the quotes out: ws://h/"),
        ("«“»h”", "'“' in the address; leave the quotes out"),
        ("ws://h/«”»", "a character beyond ASCII in the address; leave the quotes out"),
        ("ws://h«”»", "a character beyond ASCII in the host; leave the quotes out"),
        ("«127.0.0.1:80»", "the address has no scheme; did you mean 'ws://127.0.0.1:80'?"),
        ("«http»://h", "'http' is not the scheme of a WebSocket; did you mean 'ws://h'?"),
        ("«HTTPS»://h", "'https' is not the scheme of a WebSocket; did you mean 'wss://h'?"),
        ("«ftp»://h", "'ftp' is not the scheme of a WebSocket; did you mean 'ws://h'?"),
        ("«websocket»://h/x", "'websocket' is not the scheme of a WebSocket; did you mean 'ws://h/x'?"),
        ("«http»://h:port", "'http' is not the scheme of a WebSocket; for example ws://127.0.0.1:9001/"),
        ("ws:«»h", "'//' is missing after 'ws:'; did you mean 'ws://h'?"),
        ("ws:«»\\\\h", "'//' is missing after 'ws:'; did you mean 'ws://h'?"),
        ("wss:«»/h", "'//' is missing after 'wss:'; did you mean 'wss://h'?"),
        ("ws://«»", "the address has no host; for example ws://127.0.0.1:9001/"),
        ("ws://«»/x", "the address has no host; for example ws://127.0.0.1:9001/"),
        ("ws://«»:80", "the address has no host; for example ws://127.0.0.1:9001/"),
        ("ws://u@«»/x", "the address has no host; for example ws://127.0.0.1:9001/"),
        (
            "ws://h/x«#y»",
            "the address of a WebSocket has no fragment; write a '#' that belongs to the path or the query as %23"
        ),
        ("ws://h/x« »y", "a space in the address; write it as %20"),
        ("« »ws://h", "a space in the address; leave it out"),
        ("ws://h« »", "a space in the address; leave it out"),
        ("ws://h/x«\n»", "a control character in the address; leave it out"),
        ("ws://h«\0»/", "a control character in the address; leave it out"),
        ("ws://h«\u{7F}»/", "a control character in the address; leave it out"),
        ("ws://h:«0»", "'0' is not a port; a port is a number from 1 to 65535"),
        ("ws://h:«65536»/", "'65536' is not a port; a port is a number from 1 to 65535"),
        ("ws://h:«8o»/", "'8o' is not a port; a port is a number from 1 to 65535"),
        ("ws://h:«-1»/", "'-1' is not a port; a port is a number from 1 to 65535"),
        ("ws://h:«99999999999999999999»", "'99999999999999999999' is not a port; a port is a number from 1 to 65535"),
        ("ws://«::1»/", "more than one ':' behind the scheme; an IPv6 address stands in brackets, as in [::1]:80"),
        ("ws://«[::1»/", "']' is missing after the IPv6 address; for example ws://[::1]:9001/"),
        ("ws://[«»]/", "'' is not an IPv6 address; for example ws://[::1]:9001/"),
        ("ws://[«1.2.3.4»]/", "'1.2.3.4' is not an IPv6 address; for example ws://[::1]:9001/"),
        (
            "ws://[«fe80::1%25eth0»]/",
            "an IPv6 address with a zone is not supported; for example ws://[::1]:9001/"
        ),
        ("ws://[::1]«x»", "only a port can follow the host; a port begins with ':', a path with '/'"),
        ("ws://b«ü»cher.example/", "a character beyond ASCII in the host; write the host in its 'xn--' form"),
        ("wss://«.»test/", "a host name cannot begin with '.'; for example ws://127.0.0.1:9001/"),
        ("ws://a«%»41/", "'%' cannot be part of a host name; a host name is letters, digits, '-', '.' and '_'"),
        ("ws://a«$»b/", "'$' cannot be part of a host name; a host name is letters, digits, '-', '.' and '_'"),
        ("ws://h/«é»", "a character beyond ASCII in the address; write its bytes in UTF-8 as %XX"),
        ("ws://h/a«%»4", "'%' without two hexadecimal digits in the address; write '%' itself as %25"),
        ("ws://h/100«%»", "'%' without two hexadecimal digits in the address; write '%' itself as %25"),
        ("ws://h/?q=«{»a}", "'{' in the address; write it as %7B"),
        ("ws://h/a«\\»b", "'\\' in the address; write it as %5C"),
        (
            "ws://u:p«%0A»x@h/",
            "a control character in the user information; a name or password with one cannot be sent"
        ),
        ("ws://u«%7f»@h/", "a control character in the user information; a name or password with one cannot be sent"),
        ("ws://a«%3a»b:p@h/", "a ':' in the name of the user; a name with one cannot be sent, a password can"),
        ("ws://a«%3A»b@h/", "a ':' in the name of the user; a name with one cannot be sent, a password can"),
        ("ws://a«@»b@h/", "'@' in the user information; write it as %40"),
        ("ws+unix:«run/x»", "after 'ws+unix:' comes the absolute path of a socket, as in ws+unix:/run/app.sock"),
        ("ws+unix:«»", "after 'ws+unix:' comes the absolute path of a socket, as in ws+unix:/run/app.sock"),
        ("ws+unix:«//host/x»", "after 'ws+unix:' comes the absolute path of a socket, as in ws+unix:/run/app.sock"),
        ("ws+unix:/run/x«?q»", "a ':' and a path stand before the query, as in ws+unix:/run/app.sock:/?a=b"),
        ("ws+unix:/run/x:«y»", "the path after the socket begins with '/'; as in ws+unix:/run/app.sock:/path"),
        (
            "ws+unix:«/a%00b»",
            "the path of a socket has at most 107 bytes, in UTF-8 and without a zero byte; "
                + "use a shorter path, as in ws+unix:/run/app.sock"
        ),
        (
            "ws+unix:«/\(String(repeating: "x", count: 107))»",
            "the path of a socket has at most 107 bytes, in UTF-8 and without a zero byte; "
                + "use a shorter path, as in ws+unix:/run/app.sock"
        ),
    ])
    func isRefused(_ marked: String, _ words: String) throws {
        let parts = marked.split(omittingEmptySubsequences: false) { $0 == "«" || $0 == "»" }
        try #require(parts.count == 3)
        let start = parts[0].utf8.count
        let error = #expect(throws: WebSocketURLError.self) { try WebSocketURL(parts.joined()) }
        #expect(error?.inWords == words)
        #expect(error?.range == start..<start + parts[1].utf8.count)
    }

    @Test func longHostNameIsRefused() throws {
        let name = String(repeating: "a", count: 254)
        let error = #expect(throws: WebSocketURLError.self) { try WebSocketURL("ws://\(name)/") }
        #expect(error?.range == 5..<259)
        #expect(error?.reason == "a host name has at most 253 characters")
        #expect(try WebSocketURL("ws://\(name.dropLast())").host.utf8.count == 253)
    }

    @Test(arguments: [
        ("ws://h/", nil as String?),
        ("ws://Aladdin:open%20sesame@h/", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        ("ws://u:p%3Aw:x@h/", "Basic dTpwOnc6eA=="),
        // A name has a colon behind it (RFC 7617 §2).
        ("wss://user@h/", "Basic dXNlcjo="), ("wss://:@h/", "Basic Og=="),
        // Nobody.
        ("ws://@h/", nil),
    ])
    func userInformationIsACredential(_ text: String, _ authorization: String?) throws {
        #expect(try WebSocketURL(text).basicAuthorization == authorization)
    }
}
