using Forecast.Models.Training;
using static TorchSharp.torch;

namespace Forecast.Models.LstmMdn;

/// <summary>Windows and what followed them.</summary>
/// <param name="Input">[B, T, F].</param>
/// <param name="Target">[B, 1].</param>
internal sealed record MixtureBatch(Tensor Input, Tensor Target);

/// <summary>Windows of one series as tensors; the first <paramref name="training"/> are trained on, a span of them is judged by.</summary>
/// <param name="input">[N, T, F].</param>
/// <param name="target">[N, 1].</param>
/// <param name="training">Windows to learn from.</param>
/// <param name="judgedFrom">First window to judge by.</param>
/// <param name="judged">Windows to judge by; 0 = none.</param>
internal sealed class MixtureSource(Tensor input, Tensor target, int training, int judgedFrom, int judged) : ITrainingSource<MixtureBatch>
{
    public int Count => training;

    public int ValidationCount => judged;

    public MixtureBatch Load(ReadOnlySpan<int> windows)
    {
        var rows = new long[windows.Length];
        for (var i = 0; i < rows.Length; i++) rows[i] = windows[i];
        using var index = tensor(rows, device: input.device);
        return new MixtureBatch(input.index_select(0, index), target.index_select(0, index));
    }

    /// <summary>The trainer asks for runs of neighbouring windows.</summary>
    public MixtureBatch LoadValidation(ReadOnlySpan<int> windows) =>
        new(input.narrow(0, judgedFrom + windows[0], windows.Length), target.narrow(0, judgedFrom + windows[0], windows.Length));
}
