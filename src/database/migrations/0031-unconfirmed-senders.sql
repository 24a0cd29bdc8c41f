-- What was told apart by the envelope, which anybody can write, is one reason now.
update support_mails set reason = 'sender-unconfirmed' where reason = 'sender-differs';
