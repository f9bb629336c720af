using Forecast.Core;

namespace Forecast.Models.LstmMdn;

/// <summary>
/// The forward pass of a <see cref="MixtureNetwork"/> in double precision without the tensor engine: one window at a time, a hundred times
/// quicker for networks of this size, and what forecasts use. A test asserts that both agree.
/// </summary>
internal sealed class PlainNetwork
{
    private readonly MixtureShape _shape;
    private readonly Layer[] _layers;
    private readonly double[]? _dense;
    private readonly double[]? _denseBias;
    private readonly double[][] _heads;
    private readonly double[][] _biases;

    /// <exception cref="ForecastException">A weight is missing or has another size.</exception>
    public PlainNetwork(MixtureShape shape, IReadOnlyDictionary<string, float[]> weights)
    {
        _shape = shape;
        _layers = new Layer[shape.Layers];
        for (var l = 0; l < _layers.Length; l++)
        {
            var inputs = l == 0 ? shape.Features : shape.Hidden;
            double[] bias = Read($"lstm.bias_ih_l{l}", 4 * shape.Hidden), second = Read($"lstm.bias_hh_l{l}", 4 * shape.Hidden);
            for (var i = 0; i < bias.Length; i++) bias[i] += second[i];
            _layers[l] = new Layer(inputs, shape.Hidden, shape.Rectified, Read($"lstm.weight_ih_l{l}", 4 * shape.Hidden * inputs), Read($"lstm.weight_hh_l{l}", 4 * shape.Hidden * shape.Hidden), bias);
        }

        if (shape.Dense > 0) (_dense, _denseBias) = (Read("dense.weight", shape.Dense * shape.Hidden), Read("dense.bias", shape.Dense));
        var outputs = shape.Steps * shape.Components;
        string[] heads = ["pi", "mu", "sigma"];
        _heads = [.. heads.Select(h => Read($"{h}.weight", outputs * shape.Top))];
        _biases = [.. heads.Select(h => Read($"{h}.bias", outputs))];

        double[] Read(string name, int count) => weights.TryGetValue(name, out var found) && found.Length == count
            ? Array.ConvertAll(found, v => (double)v)
            : throw new ForecastException("weights-mismatch", $"the saved network has no '{name}' of {count} numbers", name);
    }

    /// <summary>The mixtures of all steps ahead.</summary>
    /// <param name="window">[T, F] by rows.</param>
    /// <param name="pi">[steps, k], filled with weights.</param>
    /// <param name="mu">[steps, k], filled with means.</param>
    /// <param name="sigma">[steps, k], filled with deviations.</param>
    public void Forward(ReadOnlySpan<double> window, Span<double> pi, Span<double> mu, Span<double> sigma)
    {
        var rows = window.Length / _shape.Features;
        Span<double> state = stackalloc double[_layers.Length * 2 * _shape.Hidden];
        Span<double> gates = stackalloc double[4 * _shape.Hidden];
        Span<double> top = stackalloc double[_shape.Top];
        state.Clear();
        for (var t = 0; t < rows; t++)
        {
            scoped var input = window.Slice(t * _shape.Features, _shape.Features);
            for (var l = 0; l < _layers.Length; l++)
            {
                var own = state.Slice(l * 2 * _shape.Hidden, 2 * _shape.Hidden);
                _layers[l].Step(input, own[.._shape.Hidden], own[_shape.Hidden..], gates);
                input = own[.._shape.Hidden];
            }
        }

        ReadOnlySpan<double> last = state.Slice((_layers.Length - 1) * 2 * _shape.Hidden, _shape.Hidden);
        if (_dense is not null)
        {
            Affine(_dense, _denseBias!, last, top);
            for (var i = 0; i < top.Length; i++) top[i] = Math.Max(0, top[i]);
            last = top;
        }

        Affine(_heads[0], _biases[0], last, pi);
        Affine(_heads[1], _biases[1], last, mu);
        Affine(_heads[2], _biases[2], last, sigma);
        for (var i = 0; i < sigma.Length; i++) sigma[i] = Deviation(sigma[i]);
        for (var s = 0; s < _shape.Steps; s++) Softmax(pi.Slice(s * _shape.Components, _shape.Components));
    }

    private double Deviation(double raw) => _shape.Link == DeviationLink.Softplus
        ? (raw > 20 ? raw : Math.Log(1 + Math.Exp(raw))) + MixtureShape.SoftplusFloor
        : (raw > 0 ? raw : Math.Exp(raw) - 1) + 1 + MixtureShape.EluFloor;

    private static void Softmax(Span<double> logits)
    {
        var largest = double.NegativeInfinity;
        foreach (var v in logits) largest = Math.Max(largest, v);
        double sum = 0;
        foreach (ref var v in logits) sum += v = Math.Exp(v - largest);
        foreach (ref var v in logits) v /= sum;
    }

    private static void Affine(double[] weight, double[] bias, ReadOnlySpan<double> input, Span<double> output)
    {
        for (var i = 0; i < output.Length; i++)
        {
            var sum = bias[i];
            for (var j = 0; j < input.Length; j++) sum += weight[(i * input.Length) + j] * input[j];
            output[i] = sum;
        }
    }

    private sealed class Layer(int inputs, int hidden, bool rectified, double[] fromInput, double[] fromState, double[] bias)
    {
        public void Step(ReadOnlySpan<double> input, Span<double> h, Span<double> c, Span<double> gates)
        {
            for (var i = 0; i < gates.Length; i++)
            {
                var sum = bias[i];
                for (var j = 0; j < inputs; j++) sum += fromInput[(i * inputs) + j] * input[j];
                for (var j = 0; j < hidden; j++) sum += fromState[(i * hidden) + j] * h[j];
                gates[i] = sum;
            }

            for (var i = 0; i < hidden; i++)
            {
                c[i] = (Sigmoid(gates[hidden + i]) * c[i]) + (Sigmoid(gates[i]) * Squash(gates[(2 * hidden) + i]));
                h[i] = Sigmoid(gates[(3 * hidden) + i]) * Squash(c[i]);
            }
        }

        private double Squash(double x) => rectified ? Math.Max(0, x) : Math.Tanh(x);

        private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
    }
}
