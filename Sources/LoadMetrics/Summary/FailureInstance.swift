package import Diagnostics

/// One failed check or one error, as it happened: what a report shows of the first of its kind.
package struct FailureInstance: Hashable, Sendable {
    /// A part of a condition, and the value that it had: `message.json.price` was `-1`.
    package struct Operand: Hashable, Sendable {
        /// As the plan writes it.
        package var text: String
        /// As compact text; written by a peer, so possibly anything.
        package var value: String
        /// How many of the parts listed before it it is a part of.
        package var depth: Int

        package init(_ text: String, _ value: String, depth: Int = 0) {
            self.text = text
            self.value = value
            self.depth = depth
        }
    }

    /// What a server answered to a handshake that failed.
    package struct Answer: Hashable, Sendable {
        package struct Header: Hashable, Sendable {
            package var name: String
            package var value: String

            package init(_ name: String, _ value: String) {
                self.name = name
                self.value = value
            }
        }

        package var status: Int
        package var headers: [Header]
        /// The start of the body, as many bytes as were kept.
        package var body: [UInt8]

        package init(status: Int, headers: [Header] = [], body: [UInt8] = []) {
            self.status = status
            self.headers = headers
            self.body = body
        }
    }

    /// What went wrong, in words. A peer may have written parts of it.
    package var message: String
    /// From 1, within the scenario.
    package var vuID: Int
    /// From 0.
    package var iteration: Int
    package var sinceStartNanoseconds: Int64
    /// The place in the plan: a check's condition, the expression that could not be evaluated.
    package var span: SourceSpan?
    package var operands: [Operand]
    package var answer: Answer?
    /// What went over the wire before; nil where the session never opened.
    package var transcript: SessionTranscript?

    package init(
        message: String, vuID: Int, iteration: Int, sinceStartNanoseconds: Int64, span: SourceSpan? = nil,
        operands: [Operand] = [], answer: Answer? = nil, transcript: SessionTranscript? = nil
    ) {
        self.message = message
        self.vuID = vuID
        self.iteration = iteration
        self.sinceStartNanoseconds = sinceStartNanoseconds
        self.span = span
        self.operands = operands
        self.answer = answer
        self.transcript = transcript
    }
}
