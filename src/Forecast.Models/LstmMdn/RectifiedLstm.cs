using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Models.LstmMdn;

/// <summary>
/// One LSTM layer with rectifiers for the candidate and the output, as Keras' <c>LSTM(n, activation="relu")</c>:
/// c' = s(f) c + s(i) relu(g), h' = s(o) relu(c'). Parameters are named and laid out as those of <see cref="LSTM"/>.
/// </summary>
internal sealed class RectifiedLstm : nn.Module<Tensor, Tensor>
{
    private readonly int _hidden;
    private readonly Parameter weight_ih_l0;
    private readonly Parameter weight_hh_l0;
    private readonly Parameter bias_ih_l0;
    private readonly Parameter bias_hh_l0;

    public RectifiedLstm(int features, int hidden)
        : base(nameof(RectifiedLstm))
    {
        _hidden = hidden;
        weight_ih_l0 = nn.Parameter(zeros([4 * hidden, features]));
        weight_hh_l0 = nn.Parameter(zeros([4 * hidden, hidden]));
        bias_ih_l0 = nn.Parameter(zeros([4 * hidden]));
        bias_hh_l0 = nn.Parameter(zeros([4 * hidden]));
        RegisterComponents();
    }

    /// <param name="input">[B, T, F].</param>
    /// <returns>[B, hidden], the last output.</returns>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        var gates = input.matmul(weight_ih_l0.t()) + (bias_ih_l0 + bias_hh_l0);
        var recurrent = weight_hh_l0.t();
        Tensor? h = null, c = null;
        foreach (var step in gates.unbind(1))
        {
            var all = h is null ? step : step.addmm(h, recurrent, 1, 1);
            var open = all.sigmoid();
            var candidate = open.narrow(1, 0, _hidden) * all.narrow(1, 2 * _hidden, _hidden).relu();
            c = c is null ? candidate : candidate + (open.narrow(1, _hidden, _hidden) * c);
            h = open.narrow(1, 3 * _hidden, _hidden) * c.relu();
        }

        return h!.MoveToOuterDisposeScope();
    }
}
