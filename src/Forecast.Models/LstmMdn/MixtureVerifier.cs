using System.Text.Json;
using Forecast.Core;
using Forecast.Models.Verification;
using Forecast.Models.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Models.LstmMdn;

/// <summary>Golden files of LSTM mixture density networks: forward pass, likelihood, gradients, a step of descent, moments and distribution function.</summary>
internal sealed class MixtureVerifier : IGoldenVerifier
{
    private const double StepSize = 0.1;

    public string Model => "lstm-mdn";

    public IReadOnlyList<string> Families { get; } = ["mdn"];

    public void Run(GoldenFile file, GoldenResults results)
    {
        using var network = new MixtureNetwork(ShapeOf(file.Config));
        file.Weights.LoadInto(network, GoldenFile.WeightName);
        network.to(file.Device);
        Tensor x = file.Input("x"), target = file.Input("target");
        using (no_grad())
        {
            var (output, hidden, cell) = network.Recur(x);
            results.Mid("lstm_output", output);
            results.Mid("h_n", hidden);
            results.Mid("c_n", cell);
        }

        var (logPi, mu, sigma) = network.call(x);
        results.Output("log_pi", logPi);
        results.Output("mu", mu);
        results.Output("sigma", sigma);
        using (no_grad()) Laws(logPi, mu, sigma, file.Input("cdf_points"), results);
        var each = MixtureLoss.NegativeLogLikelihood(logPi, mu, sigma, target);
        results.Output("nll_per_target", each);
        var loss = each.mean();
        results.Output("train.loss", loss);
        loss.backward();
        results.GradientNorms(network);
        using var frozen = no_grad();
        foreach (var (_, parameter) in network.named_parameters()) parameter.sub_(parameter.grad! * StepSize);
        var (logPiAfter, muAfter, sigmaAfter) = network.call(x);
        results.Output("train.loss_after_sgd_step_lr0.1", MixtureLoss.NegativeLogLikelihood(logPiAfter, muAfter, sigmaAfter, target).mean());
    }

    /// <summary>Moments and distribution function by the closed forms that forecasts use.</summary>
    private static void Laws(Tensor logPi, Tensor mu, Tensor sigma, Tensor points, GoldenResults results)
    {
        var (batch, steps, k) = (logPi.shape[0], logPi.shape[1], (int)logPi.shape[2]);
        double[] pi = GoldenResults.Host(logPi.exp()), means = GoldenResults.Host(mu), deviations = GoldenResults.Host(sigma), at = GoldenResults.Host(points);
        var laws = Enumerable.Range(0, (int)(batch * steps)).Select(i => new GaussianMixture(pi.AsSpan(i * k, k), means.AsSpan(i * k, k), deviations.AsSpan(i * k, k))).ToArray();
        results.Output("mixture_mean", tensor(Array.ConvertAll(laws, l => l.Mean)).reshape(batch, steps));
        results.Output("mixture_variance", tensor(Array.ConvertAll(laws, l => l.Variance)).reshape(batch, steps));
        results.Output("mixture_cdf", tensor(laws.SelectMany(l => at.Select(l.Cdf)).ToArray()).reshape(batch, steps, at.Length));
    }

    private static MixtureShape ShapeOf(JsonElement config)
    {
        if (config.TryGetProperty("min_sigma", out var floor) && floor.GetDouble() != MixtureShape.SoftplusFloor)
            throw new ForecastException("mdn-config", $"configuration in the header: min_sigma is {floor.GetDouble()}; the network adds {MixtureShape.SoftplusFloor} to its softplus", "min_sigma");
        return new MixtureShape(Size("input_size"), Size("hidden_size"), Size("num_layers"), Dense: 0, Size("horizon"), Size("components"), Rectified: false, DeviationLink.Softplus);

        int Size(string name) => config.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var size) && size > 0
            ? size
            : throw new ForecastException("mdn-config", $"configuration in the header: {name} should be a whole number above 0", name);
    }
}
