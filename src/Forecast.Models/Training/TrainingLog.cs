namespace Forecast.Models.Training;

/// <summary>One epoch of a training.</summary>
/// <param name="Epoch">From 1; 0 is the network before the first step.</param>
/// <param name="Loss">Mean training loss; NaN for epoch 0.</param>
/// <param name="ValidationLoss">Loss on the validation span; NaN without one.</param>
/// <param name="LearningRate">Of its last step.</param>
public sealed record EpochRecord(int Epoch, double Loss, double ValidationLoss, double LearningRate);

/// <summary>How a training went.</summary>
/// <param name="Epochs">Epochs in order, 0 (before the first step) first.</param>
/// <param name="BestEpoch">The epoch whose weights are kept: the lowest validation loss, or the last epoch without a validation span.</param>
/// <param name="StoppedEarly">Whether patience ended it.</param>
public sealed record TrainingLog(IReadOnlyList<EpochRecord> Epochs, int BestEpoch, bool StoppedEarly)
{
    public EpochRecord Best => Epochs[BestEpoch];

    /// <summary>One line for people.</summary>
    public string Describe() =>
        $"{Epochs[^1].Epoch} epochs{(StoppedEarly ? " (stopped early)" : "")}, weights of epoch {BestEpoch}, loss {Best.Loss:G5}, validation {Best.ValidationLoss:G5}, before training {Epochs[0].ValidationLoss:G5}";
}
