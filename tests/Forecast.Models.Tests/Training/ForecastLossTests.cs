using Forecast.Models.Training;
using static TorchSharp.torch;

namespace Forecast.Models.Tests.Training;

public sealed class ForecastLossTests
{
    private static readonly Device Place = device(TestDevice.Name);

    [Fact]
    public void Pinball_is_twice_the_weighted_mean_over_levels()
    {
        using var scope = NewDisposeScope();
        var quantiles = tensor(new float[] { 1, 2, 4, 0, 0, 0 }, [1, 2, 3], device: Place);
        var loss = ForecastLosses.Pinball(quantiles, Row(3, 5), Row(1, 0), tensor(new[] { 0.1f, 0.5f, 0.9f }, device: Place));

        // e = 2, 1, -1 at levels 0.1, 0.5, 0.9: 0.2 + 0.5 + 0.1 over 3 levels, times 2, over 2 steps of which one weighs nothing.
        loss.item<float>().ShouldBe(2 * 0.8f / 3 / 2, 1e-6f);
    }

    [Fact]
    public void Squared_error_and_normal_likelihood_are_their_formulas()
    {
        using var scope = NewDisposeScope();

        ForecastLosses.SquaredError(Row(1, 2), Row(3, 5), Row(1, 2)).item<float>().ShouldBe((4 + 18) / 2f, 1e-5f);
        var nll = ForecastLosses.GaussianNll(Row(1, 9), Row((float)Math.Log(2), 0), Row(3, 5), Row(1, 0)).item<float>();
        nll.ShouldBe((float)(0.5 * ((0.5 * Math.Log(2 * Math.PI)) + Math.Log(2) + (0.5 * 1))), 1e-5f);
    }

    private static Tensor Row(float a, float b) => tensor(new[] { a, b }, [1, 2], device: Place);
}
