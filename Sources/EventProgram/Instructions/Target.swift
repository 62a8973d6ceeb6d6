package import Expressions

/// Where the sessions of a program connect to.
package struct Target: Sendable {
    package var url: Template
    package var headers: [Field]
    package var subprotocols: [Template]
    /// The value of `Origin`; nil for none.
    package var origin: Template?
    package var cookies: [Field]
    package var limits: Limits

    /// The rules for each connection that are the same for all of them.
    package struct Limits: Hashable, Sendable {
        /// Bytes of payload of the largest message to take; nil for the transport's own limit.
        package var maximumMessageSize: Int?
        /// Nil: without pings of the connection's own.
        package var keepalive: Keepalive?

        package init(maximumMessageSize: Int? = nil, keepalive: Keepalive? = nil) {
            self.maximumMessageSize = maximumMessageSize
            self.keepalive = keepalive
        }
    }

    package struct Keepalive: Hashable, Sendable {
        package var intervalNanoseconds: Int64
        package var timeoutNanoseconds: Int64

        package init(intervalNanoseconds: Int64, timeoutNanoseconds: Int64) {
            self.intervalNanoseconds = intervalNanoseconds
            self.timeoutNanoseconds = timeoutNanoseconds
        }
    }

    /// A header or a cookie.
    package struct Field: Sendable {
        package var name: String
        package var value: Template

        package init(name: String, value: Template) {
            self.name = name
            self.value = value
        }
    }

    package init(
        url: Template, headers: [Field] = [], subprotocols: [Template] = [], origin: Template? = nil,
        cookies: [Field] = [], limits: Limits = Limits()
    ) {
        self.url = url
        self.headers = headers
        self.subprotocols = subprotocols
        self.origin = origin
        self.cookies = cookies
        self.limits = limits
    }
}
