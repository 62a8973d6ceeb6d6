/// The machine that a run was made on. What the system does not tell is empty or nil.
package struct HostFacts: Hashable, Sendable {
    package var name: String
    /// Name, release and architecture: `Linux 6.12.0 x86_64`.
    package var kernel: String
    package var cpuModel: String
    /// Processors that are online.
    package var cpuCount: Int
    package var memoryBytes: Int64?
    /// The soft limit on open files while the run went on; nil where there is none.
    package var descriptorLimit: Int64?

    package init(
        name: String, kernel: String, cpuModel: String, cpuCount: Int, memoryBytes: Int64?, descriptorLimit: Int64?
    ) {
        self.name = name
        self.kernel = kernel
        self.cpuModel = cpuModel
        self.cpuCount = cpuCount
        self.memoryBytes = memoryBytes
        self.descriptorLimit = descriptorLimit
    }
}
