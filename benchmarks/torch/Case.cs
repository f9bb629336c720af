using TorchSharp;

namespace Forecast.TorchBenchmarks;

/// <summary>Something that is timed here and, under the same name, in <c>peer.py</c>.</summary>
/// <param name="Name">As the command line and the peer know it.</param>
/// <param name="Limit">What our time may be of the peer's.</param>
/// <param name="Steps">Steps in one timed block; a block should take 50 ms or more.</param>
/// <param name="Prepare">Makes what the step works on, on a device, and returns the step.</param>
internal sealed record Case(string Name, double Limit, int Steps, Func<torch.Device, Action> Prepare);
