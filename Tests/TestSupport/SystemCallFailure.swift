import Glibc

/// A system call of the tests' own machinery that failed: the machine is to blame, not what is being tested.
package struct SystemCallFailure: Error, CustomStringConvertible {
    package let call: String
    package let code: Int32

    package init(_ call: String, code: Int32 = errno) {
        self.call = call
        self.code = code
    }

    package var description: String { "\(call): \(String(cString: strerror(code)))" }
}
