/// How large the numbers may be that a plan records.
package enum SampleLimit {
    /// The largest sample of a counter or a trend, of times in milliseconds: its millionths fit into 63 bits.
    package static let largest = 9e12

    /// The same as plans write it.
    package static let inWords = "9e12"
}
