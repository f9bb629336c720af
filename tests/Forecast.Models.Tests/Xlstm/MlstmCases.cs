using Forecast.Models.Xlstm;
using static TorchSharp.torch;

namespace Forecast.Models.Tests.Xlstm;

/// <summary>Random inputs of the mLSTM, and how far results are from what they should be.</summary>
internal static class MlstmCases
{
    public static MlstmInput Make(int batch, int heads, int steps, int keys, int values) =>
        new(Normal(1, [batch, heads, steps, keys]), Normal(2, [batch, heads, steps, keys]), Normal(3, [batch, heads, steps, values]), Normal(4, [batch, heads, steps]), Normal(5, [batch, heads, steps]));

    public static MlstmState State(int batch, int heads, int keys, int values) => new(Normal(6, [batch, heads, keys, values]), Normal(7, [batch, heads, keys]), Normal(8, [batch, heads]));

    public static Tensor[] Leaves(MlstmInput input) => [input.Q, input.K, input.V, input.I, input.F];

    public static MlstmInput Wide(MlstmInput x) => new(Wide(x.Q), Wide(x.K), Wide(x.V), Wide(x.I), Wide(x.F));

    public static MlstmState Wide(MlstmState x) => new(Wide(x.C), Wide(x.N), Wide(x.M));

    public static Tensor Wide(Tensor x) => x.detach().to(ScalarType.Float64);

    public static MlstmInput Part(MlstmInput input, long from, long count) => new(
        input.Q.narrow(2, from, count), input.K.narrow(2, from, count), input.V.narrow(2, from, count), input.I.narrow(2, from, count), input.F.narrow(2, from, count));

    public static Tensor Normal(ulong seed, long[] shape)
    {
        using var generator = new Generator(seed);
        return randn(shape, generator: generator);
    }

    public static double Difference(Tensor got, Tensor wanted, double least = 1e-30)
    {
        var largest = Math.Max(wanted.abs().max().item<double>(), least);
        return (got.to(ScalarType.Float64) - wanted).abs().max().item<double>() / largest;
    }
}
