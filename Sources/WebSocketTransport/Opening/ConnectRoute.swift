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
}

extension ConnectRequest {
    /// The host that TCP connects to: the target's, or the proxy's before it.
    var firstHost: (name: String, port: UInt16) {
        if let proxy = tunnelProxy { (proxy.host, proxy.port) } else { (url.host, url.port) }
    }

    /// The proxy, where a tunnel is needed.
    var tunnelProxy: ProxyURL? { url.scheme == .wsUnix ? nil : route.proxy }

    /// What is asked of the proxy, where there is one.
    var tunnel: TunnelRequest? {
        guard let proxy = tunnelProxy else { return nil }
        let instead = route.overrides.endpoints(of: url.host, port: url.port).first
        return TunnelRequest(
            toHost: instead?.address.description ?? url.host, port: instead?.port ?? url.port,
            authorization: proxy.authorization)
    }
}
