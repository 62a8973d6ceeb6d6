extension VirtualUser {
    /// Whether a close frame may carry this code (RFC 6455 §7.4, and the registry that it founded). The codec's
    /// `CloseCode` says the same; programs know nothing of frames, so a test compares the two.
    package static func canClose(with code: Int64) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
