package import WebSocketCodec

/// By which way connections go to where their URL leads.
package struct ConnectRoute: Sendable {
    /// Where to connect to instead of where the names of targets and proxies lead.
    package var overrides = AddressOverrides()
    /// The addresses of this machine that connections go out from; nil leaves that to the system.
    package var localAddresses: LocalAddressPool?
    /// What opens a tunnel to the target; nil to connect to it directly. A Unix domain socket is always connected to directly.
    package var proxy: ProxyURL?

    package init() {}

    /// The proxy, where a tunnel to a URL is needed.
    func tunnelProxy(to url: WebSocketURL) -> ProxyURL? { url.scheme == .wsUnix ? nil : proxy }

    /// The host that TCP connects to: the URL's, or the proxy's before it.
    func firstHost(to url: WebSocketURL) -> (name: String, port: UInt16) {
        if let proxy = tunnelProxy(to: url) { (proxy.host, proxy.port) } else { (url.host, url.port) }
    }

    /// Where to connect to for a URL, where that is known without a lookup: because something stands instead of the host, or
    /// because it is an address, or the path of a socket. Empty for a name, and for a path that is too long.
    func addresses(of url: WebSocketURL) -> [SocketAddress] {
        if let path = url.socketPath { return SocketAddress(unixPath: path).map { [$0] } ?? [] }
        let (host, port) = firstHost(to: url)
        let instead = overrides.endpoints(of: host, port: port)
        guard instead.isEmpty else { return instead.map { SocketAddress($0.address, port: $0.port ?? port) } }
        return SocketAddress(literal: host, port: port).map { [$0] } ?? []
    }
}

extension ConnectRequest {
    /// The host that TCP connects to: the target's, or the proxy's before it.
    var firstHost: (name: String, port: UInt16) { route.firstHost(to: url) }

    /// The proxy, where a tunnel is needed.
    var tunnelProxy: ProxyURL? { route.tunnelProxy(to: url) }

    /// What is asked of the proxy, where there is one.
    var tunnel: TunnelRequest? {
        guard let proxy = tunnelProxy else { return nil }
        let instead = route.overrides.endpoints(of: url.host, port: url.port).first
        return TunnelRequest(
            toHost: instead?.address.description ?? url.host, port: instead?.port ?? url.port,
            authorization: proxy.authorization)
    }
}
