using static TorchSharp.torch;

namespace Forecast.TorchBenchmarks;

/// <summary>A thousand additions of sixteen numbers: what a call costs, whatever it computes.</summary>
internal static class SmallAdds
{
    public static readonly Case Plain = new("small_adds", 1.3, 50, device =>
    {
        var a = rand(16, device: device);
        var b = rand(16, device: device);
        return () =>
        {
            for (var i = 0; i < 1000; i++) (a + b).Dispose();
        };
    });

    /// <summary>As a training step makes them: in a scope, with a graph, and a backward pass at the end.</summary>
    public static readonly Case Graph = new("small_graph", 1.3, 50, device =>
    {
        var a = rand(16, device: device, requires_grad: true);
        var b = rand(16, device: device);
        return () =>
        {
            using var scope = NewDisposeScope();
            var c = a;
            for (var i = 0; i < 100; i++) c = (c * b) + 0.5;
            c.sum().backward();
            a.grad = null;
        };
    });
}
