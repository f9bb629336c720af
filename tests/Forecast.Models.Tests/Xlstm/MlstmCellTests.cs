using Forecast.Models.Training;
using Forecast.Models.Xlstm;
using static TorchSharp.torch;

namespace Forecast.Models.Tests.Xlstm;

/// <summary>The three forms of the mLSTM recurrence against one another, in float64.</summary>
public sealed class MlstmCellTests
{
    private const double Rounding = 1e-9;

    public MlstmCellTests() => TorchDevice.Open("cpu");

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(40)]
    public void All_forms_agree_whatever_the_chunk(int chunk)
    {
        using var scope = NewDisposeScope();
        var input = Make(23);
        var (hidden, state) = MlstmCell.Recurrent(input, null);
        // 1e-6 is added to a norm that each form has scaled by its own exp(-m): the recurrence starts from m = 0, the scores from none.
        Close(MlstmCell.Parallel(input), hidden, 1e-6);
        var (chunked, last) = MlstmCell.Chunkwise(input, null, chunk);
        Close(chunked, hidden);
        Close(last.C, state.C);
        Close(last.N, state.N);
        Close(last.M, state.M);
    }

    [Fact]
    public void A_carried_state_continues_the_series()
    {
        using var scope = NewDisposeScope();
        var input = Make(23);
        var whole = MlstmCell.Recurrent(input, null).Hidden;
        var (first, state) = MlstmCell.Recurrent(Part(input, 0, 9), null);
        Close(cat([first, MlstmCell.Chunkwise(Part(input, 9, 14), state, 4).Hidden], 2), whole);
    }

    private static MlstmInput Make(int steps)
    {
        Tensor Normal(ulong seed, params long[] shape)
        {
            using var generator = new Generator(seed);
            return randn(shape, ScalarType.Float64, generator: generator);
        }

        return new MlstmInput(Normal(1, 2, 3, steps, 6), Normal(2, 2, 3, steps, 6), Normal(3, 2, 3, steps, 4), Normal(4, 2, 3, steps), Normal(5, 2, 3, steps));
    }

    private static MlstmInput Part(MlstmInput input, long from, long count) => new(
        input.Q.narrow(2, from, count), input.K.narrow(2, from, count), input.V.narrow(2, from, count), input.I.narrow(2, from, count), input.F.narrow(2, from, count));

    private static void Close(Tensor a, Tensor b, double tolerance = Rounding) => (a - b).abs().max().item<double>().ShouldBeLessThan(tolerance);
}
