import CPCRE2

/// Counts the steps of one search, at the callouts before each item of the pattern.
struct StepCounter {
    /// Steps that may still be taken.
    var left: Int
    /// Where in the text the item before was tried.
    private var position = 0

    init(left: Int) { self.left = left }

    /// Ends the search with `PCRE2_ERROR_CALLOUT` when no steps are left. What it is given is a counter.
    static let count: @convention(c) (UnsafeMutablePointer<pcre2_callout_block_8>?, UnsafeMutableRawPointer?) -> Int32 =
        {
            block, counter in
            guard let block, let counter = counter?.assumingMemoryBound(to: StepCounter.self) else { return 0 }
            let position = block.pointee.current_position
            counter.pointee.left -= 1 + abs(position - counter.pointee.position)
            counter.pointee.position = position
            return counter.pointee.left > 0 ? 0 : PCRE2_ERROR_CALLOUT
        }
}
